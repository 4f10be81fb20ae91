"""Names are whole words of the field, one word per idea (docs/glossary.md)."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.sources import CODE_FOLDERS, Fault, Source, faults_in, planted, require_none, sources

_LINE = "say statement line, ledger line, entry or match"
_WHAT_IT_IS = "say what it is: lines, columns, bytes, text, ..."
_WHAT_IT_DOES = "name what it does"
_ONE_IDEA = "name the one idea that the file holds"

INSTEAD = {
    "txn": _LINE,
    "txns": _LINE,
    "trx": _LINE,
    "rec": "say reconciliation, line, entry or match",
    "recs": "say reconciliations, lines, entries or matches",
    "recon": "say reconciliation",
    "data": _WHAT_IT_IS,
    "item": "say line, entry or match; only the accounting term keeps it: open_item",
    "items": "say lines, entries or matches; only the accounting term keeps it: open_items",
    "obj": _WHAT_IT_IS,
    "stuff": _WHAT_IT_IS,
    "thing": _WHAT_IT_IS,
    "things": _WHAT_IT_IS,
    "manager": _WHAT_IT_DOES,
    "mgr": _WHAT_IT_DOES,
    "handler": _WHAT_IT_DOES,
    "handle": _WHAT_IT_DOES,
    "util": _ONE_IDEA,
    "utils": _ONE_IDEA,
    "helper": _ONE_IDEA,
    "helpers": _ONE_IDEA,
    "misc": _ONE_IDEA,
    "foo": "use a figure or a name of the field",
    "baz": "use a figure or a name of the field",
    "tmp": "say what it holds",
    "temp": "say what it holds",
    "acct": "say account",
    "amt": "say amount, or minor_units",
    "bal": "say balance",
    "ccy": "say currency",
    "cnt": "say count",
    "desc": "say description",
    "idx": "say row or index",
    "num": "say number or count",
    "qty": "say quantity",
    "ref": "say reference",
    "refs": "say references",
    "stmt": "say statement",
    "stmts": "say statements",
    "val": "say value",
}
WHOLE_NAMES = {
    "date": "say which date: booking_date, value_date, occurred_on",
    "dates": "say which dates: booking_dates, value_dates",
}
# Words that another word beside them makes right.
RIGHT_AFTER = {"item": "open", "items": "open"}
# Names that pytest and the protocols of libraries choose.
CHOSEN_BY_OTHERS = {"tmp_path", "tmp_path_factory", "data_received"}

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


def banned_names(source: Source) -> Iterator[Fault]:
    """Names defined here, the file's own included, that have a banned word in them."""
    for part in source.path.removesuffix(".py").split("/"):
        if (word := _banned_word(part)) is not None:
            yield Fault(source.path, 1, f"the path {part!r}", INSTEAD[word])
    for what, name, line in _defined(source.tree):
        if name in WHOLE_NAMES:
            yield Fault(source.path, line, f"{what} {name!r}", WHOLE_NAMES[name])
        elif (word := _banned_word(name)) is not None:
            yield Fault(source.path, line, f"{what} {name!r}", INSTEAD[word])


def _banned_word(name: str) -> str | None:
    words: list[str] = [word.lower() for word in _WORDS.findall(name)]
    if name in CHOSEN_BY_OTHERS or name.startswith("__"):
        return None
    for before, word in zip(["", *words], words, strict=False):
        if word in INSTEAD and RIGHT_AFTER.get(word) != before:
            return word
    return None


def _defined(tree: ast.Module) -> Iterator[tuple[str, str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name, lineno=line):
                yield "the class", name, line
            case ast.FunctionDef(name=name, lineno=line) | ast.AsyncFunctionDef(name=name, lineno=line):
                yield "the function", name, line
            case ast.arg(arg=name, lineno=line):
                yield "the argument", name, line
            case ast.Name(id=name, ctx=ast.Store(), lineno=line):
                yield "the name", name, line
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store(), lineno=line):
                yield "the attribute", name, line
            case ast.alias(asname=str(name), lineno=line):
                yield "the import", name, line
            case ast.MatchAs(name=str(name), lineno=line) | ast.ExceptHandler(name=str(name), lineno=line):
                yield "the name", name, line


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("class TxnManager: ...", "the class 'TxnManager'; say statement line, ledger line, entry or match"),
        ("def parse_rec(line: str) -> None: ...", "the function 'parse_rec'; say reconciliation"),
        ("def parse(data: bytes) -> None: ...", "the argument 'data'; say what it is"),
        ("items = []", "the name 'items'; say lines, entries or matches"),
        ("class Line:\n    date: str", "the name 'date'; say which date"),
        ("import numpy as tmp", "the import 'tmp'; say what it holds"),
        ("for idx in range(3): ...", "the name 'idx'; say row or index"),
    ],
)
def test_a_banned_word_in_a_name_is_found_with_its_replacement(code: str, found: str) -> None:
    (fault,) = faults_in([planted(code)], banned_names)

    assert found in fault


def test_the_name_of_a_file_counts_as_a_name() -> None:
    (fault,) = faults_in([planted("", path="src/tieout/utils.py")], banned_names)

    assert fault == "src/tieout/utils.py:1: the path 'utils'; name the one idea that the file holds"


@pytest.mark.parametrize(
    "code",
    [
        "open_items = 3",
        "class OpenItem: ...",
        "import dataclasses\nfrom dataclasses import dataclass",
        "for name, line in lines.items(): ...",
        "def test_x(tmp_path: object) -> None: ...",
        "booking_date = record = metadata = None",
    ],
)
def test_words_of_the_field_and_names_of_libraries_stay(code: str) -> None:
    assert faults_in([planted(code)], banned_names) == []


def test_every_name_is_a_whole_word_of_the_field() -> None:
    require_none(faults_in(sources(*CODE_FOLDERS), banned_names))
