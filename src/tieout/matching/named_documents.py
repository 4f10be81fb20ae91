"""Which documents of the books the bank's texts name, row by row, and which numbers only look like one."""

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tieout.domain.line_table import TextColumn, texts_of
from tieout.matching.codes import CodeLists, Codes
from tieout.matching.text_columns import runs_in
from tieout.matching.texts import RUNS_MAX, SHAPE_DIGIT, SHAPE_LETTER, TAIL_LENGTH_MIN, DocumentIndex, runs_of

if TYPE_CHECKING:
    import polars


class Named(NamedTuple):
    """What the texts of the statement side name."""

    documents: CodeLists  # per row, reference codes in order of appearance
    foreign: CodeLists  # per row, shape numbers of what looks like a document and is none
    shape_of_code: dict[int, int]  # shape number of each reference code that tells enough


class BankTexts:
    """All that the rows of the statement side say; read once, asked for references and for batches."""

    def __init__(self, references: TextColumn, descriptions: TextColumn) -> None:
        self._references, self._descriptions = references, descriptions

    def named(self, codes: Codes, written: TextColumn) -> Named:
        """What they name of the documents that the ledger side has `written`, which `codes` has numbered."""
        if isinstance(self._references, list) or isinstance(self._descriptions, list) or isinstance(written, list):
            distinct = set(written if isinstance(written, list) else written.to_list())
            return self._one_by_one(DocumentIndex(codes.written(distinct)))
        index = _Columns(codes.frame_of(written))
        return index.named(self._run_frame, len(self._references))

    def _one_by_one(self, index: DocumentIndex) -> Named:
        count = len(self._references)
        if not index.shapes:
            return Named(CodeLists.none(count), CodeLists.none(count), {})
        read = [index.read(runs) for runs in self._runs]
        documents, foreign = CodeLists.of([named for named, _ in read]), CodeLists.of([shapes for _, shapes in read])
        return Named(documents, foreign, index.shape_of_code)

    @cached_property
    def _runs(self) -> list[list[str]]:
        """The runs of letters and digits that each row writes."""
        count = len(self._references)
        texts = zip(texts_of(self._references, count), texts_of(self._descriptions, count), strict=True)
        return [runs_of(f"{reference} {description}" if reference else description) for reference, description in texts]

    @cached_property
    def _run_frame(self) -> "polars.DataFrame":
        """Every run of every text that has a digit, with its row, its place, and the four runs before it."""
        import polars

        col = polars.col
        said = polars.when(col("reference") == "").then(col("description")).otherwise(
            polars.concat_str("reference", polars.lit(" "), "description")
        )  # fmt: skip
        texts = polars.DataFrame({"reference": self._references, "description": self._descriptions})
        texts = texts.select(said.alias("text")).with_row_index("row").filter(col("text").str.contains("[0-9]"))
        runs = texts.select("row", run=runs_in(texts["text"])).explode("run")
        before = [
            polars.when(col("row").shift(back) == col("row")).then(col("run").shift(back)).alias(f"before_{back}")
            for back in range(1, RUNS_MAX)
        ]
        return runs.with_row_index("place").with_columns(before)


class _Columns:
    """`DocumentIndex` on whole columns: the same answers for a million texts at once."""

    def __init__(self, written: "polars.DataFrame") -> None:
        """written: text, key and code of the ledger's references."""
        import polars

        key = polars.col("key")
        number = key.str.contains("^[0-9]+$")
        length = key.str.len_bytes()
        self._tells = (length >= 5) | ((length >= 4) & ~number & key.str.contains("[0-9]"))
        self._shape = polars.when(number).then(
            polars.concat_str(key.str.slice(0, 2), _translated(key.str.slice(2)))
        ).otherwise(_translated(key))  # fmt: skip
        telling = written.filter(self._tells)
        self._codes = telling.select("key", "code").unique("key").with_columns(shape=self._shape)
        names = self._codes["shape"].unique().sort()
        numbers = polars.DataFrame({"shape": names, "number": polars.Series(range(len(names)), dtype=polars.Int64)})
        self._shapes = numbers
        self._codes = self._codes.join(numbers, on="shape", how="left").select("key", "code", "number")
        self._tails = self._ends_of(telling)

    def _ends_of(self, telling: "polars.DataFrame") -> "polars.Series":
        """What may stand last when a document is named: its key, and what follows each separator inside it."""
        import polars

        runs = runs_in(telling["text"])
        ends = [telling["key"]]
        for start in range(1, max(runs.list.len().to_list(), default=0)):
            runs = runs.filter(runs.list.len() > start)
            ends.append(runs.list.slice(start).list.join(""))
        return polars.concat(ends).unique()

    def named(self, runs: "polars.DataFrame", rows: int) -> Named:
        """What `runs` name, for so many rows."""
        import polars

        if not len(self._codes):
            return Named(CodeLists.none(rows), CodeLists.none(rows), {})
        joined = self._joined(runs)
        named = joined.join(self._codes, on="key", how="inner").sort("row", "place", "order")
        unnamed = joined.join(named.select("row", "place"), on=["row", "place"], how="anti").filter(self._tells)
        foreign = unnamed.with_columns(shape=self._shape).join(self._shapes, on="shape", how="inner")
        of_code = zip(self._codes["code"].to_list(), self._codes["number"].to_list(), strict=True)
        listed = foreign.sort("row", "place", "order").select("row", polars.col("number").alias("code"))
        return Named(_lists(named.select("row", "code"), rows), _lists(listed, rows), dict(of_code))

    def _joined(self, runs: "polars.DataFrame") -> "polars.DataFrame":
        """For each run that may end a number: the number alone and with the runs before it, as `key`, in `order`."""
        import polars

        col = polars.col
        run = col("run")
        shapes = self._tails.filter(self._tails.str.len_bytes() >= TAIL_LENGTH_MIN).to_frame("tail")
        tail_shapes = shapes.select(_translated(col("tail")).unique())["tail"]
        shaped = (run.str.len_bytes() >= TAIL_LENGTH_MIN) & run.str.contains("[0-9]")
        ends = runs.filter(run.is_in(self._tails.implode()) | (shaped & _translated(run).is_in(tail_shapes.implode())))
        parts = [
            ends.select("row", "place", key=run, order=polars.lit(0)),
            ends.filter(run.str.starts_with("0")).select(
                "row", "place", key=run.str.strip_chars_start("0"), order=polars.lit(1)
            ),
        ]
        whole = run
        for back in range(1, RUNS_MAX):
            whole = polars.concat_str(f"before_{back}", whole)
            there = ends.filter(col(f"before_{back}").is_not_null())
            parts.append(there.select("row", "place", key=whole, order=polars.lit(back + 1)))
        return polars.concat(parts)


def _lists(found: "polars.DataFrame", rows: int) -> CodeLists:
    """The codes of each row, in order, each once; `found` is sorted by row."""
    once = found.unique(maintain_order=True)
    counts = np.bincount(once["row"].to_numpy(), minlength=rows).astype(np.int64)
    return CodeLists(counts, once["code"].to_numpy().astype(np.int64))


def _translated(column: "polars.Expr") -> "polars.Expr":
    """`str.translate(SHAPES)`: every letter is A, every digit 9."""
    return column.str.replace_all("[A-Z]", SHAPE_LETTER).str.replace_all("[0-9]", SHAPE_DIGIT)
