"""The rules on whole columns give what the rules on single texts give."""

import polars
from hypothesis import given
from hypothesis.strategies import SearchStrategy, builds, lists, sampled_from, text

from tieout.matching.codes import CodeLists, Codes
from tieout.matching.named_documents import BankTexts, Named
from tieout.matching.text_columns import account_keys, reference_keys, runs_in, upper
from tieout.matching.texts import account_key, party_key, reference_key, runs_of

# Parts of document numbers, what separates them, words, and letters that change their length or alphabet in upper case.
PARTS = ("INV", "inv", "2026", "001", "00012", "0", "4711", "AB12", "ß", "ı", "é", "ſ", "paid", "NONREF", "A", "99")
SEPARATORS = ("", "-", "/", " ", ".", "_", "Ø", "  ")


def texts() -> SearchStrategy[str]:
    """Texts as banks and books write them, document numbers among them more often than by chance."""
    joined = builds(
        lambda parts, separator: separator.join(parts), lists(sampled_from(PARTS), max_size=7), sampled_from(SEPARATORS)
    )
    return joined | text(max_size=8)


def column(values: list[str]) -> polars.Series:
    """The texts as a large input holds them."""
    return polars.Series(values, dtype=polars.String)


@given(lists(texts(), max_size=20))
def test_keys_of_a_column_are_the_keys_of_its_texts(values: list[str]) -> None:
    assert reference_keys(column(values)).to_list() == [reference_key(each) for each in values]
    assert account_keys(column(values)).to_list() == [account_key(each) for each in values]
    assert upper(column(values)).to_list() == [each.upper() for each in values]


@given(lists(texts(), max_size=20))
def test_runs_of_a_column_are_the_runs_of_its_texts(values: list[str]) -> None:
    runs = runs_in(column(values)).to_list()

    assert [found for found, each in zip(runs, values, strict=True) if runs_of(each)] == [
        runs_of(each) for each in values if runs_of(each)
    ]


@given(lists(texts(), max_size=20), lists(texts(), max_size=20))
def test_texts_get_the_same_numbers_one_by_one_and_in_columns(first: list[str], second: list[str]) -> None:
    for whole in (Codes(reference_key, reference_keys), Codes(party_key)):
        single = Codes(whole._key)

        for values in (first, second):
            assert whole.column(column(values)).tolist() == single.column(values).tolist()

        assert whole.numbers == single.numbers


@given(lists(texts(), max_size=12), lists(texts(), max_size=12))
def test_a_column_names_the_documents_that_its_texts_name(written: list[str], said: list[str]) -> None:
    references = [each if place % 3 == 0 else "" for place, each in enumerate(said)]
    plain, whole = Codes(reference_key), Codes(reference_key, reference_keys)
    plain.column(written)
    whole.column(column(written))

    one_by_one = BankTexts(references, said).named(plain, written)
    in_columns = BankTexts(column(references), column(said)).named(whole, column(written))

    assert told(in_columns, len(said)) == told(one_by_one, len(said))


def told(named: Named, rows: int) -> tuple[list[list[int]], list[list[int]], dict[int, int]]:
    """What was named, as plain lists."""

    def listed(codes: CodeLists) -> list[list[int]]:
        return [codes.at(row) for row in range(rows)]

    return listed(named.documents), listed(named.foreign), named.shape_of_code
