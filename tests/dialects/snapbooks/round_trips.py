"""What is written reads back as it was: amounts, rates, entries, and what is kept beside a match."""

from typing import Any

from hypothesis import strategies as some

from tieout.contracts.exact_json import Amount
from tieout.dialects.snapbooks.shapes_external import (
    BANK_TRANSACTION,
    JOURNAL_LINE,
    Entry,
    Stated,
    read_entry,
    read_extra,
    write_entry,
    write_extra,
)
from tieout.dialects.snapbooks.values import amount_text, minor_units, rate_text, six

_CURRENCIES = some.sampled_from(["NOK", "EUR", "JPY", "KWD", "CLF"])
_AMOUNTS = some.integers(-(10**15), 10**15)
_RATES = some.integers(1, 10**12).map(lambda units: rate_text(f"{units // 10**6}.{units % 10**6:06}"))
_IDS = some.integers(1, 2**53 - 1)
_ENTRIES = some.builds(
    Entry,
    relation_type=some.sampled_from([BANK_TRANSACTION, JOURNAL_LINE]),
    relation_id=_IDS,
    relation_line_id=_IDS,
    minor_units=_AMOUNTS,
    currency=_CURRENCIES,
    rate=_RATES,
)
_STATED = some.builds(
    Stated,
    external_type=some.just(BANK_TRANSACTION),
    internal_type=some.just(JOURNAL_LINE),
    internal_id=_IDS,
    sequence_number=_IDS,
    entries=some.lists(_ENTRIES, min_size=1, max_size=4).map(tuple),
)


def _written_amount(money: tuple[int, str]) -> tuple[str, str]:
    return amount_text(*money), money[1]


def _read_amount(written: tuple[str, str]) -> tuple[int, str]:
    amount, refusals = minor_units(Amount(written[0]), written[1], "")
    assert refusals == []
    return amount, written[1]


ROUND_TRIPS: list[tuple[str, Any, Any, Any]] = [
    ("amount", some.tuples(_AMOUNTS, _CURRENCIES), _written_amount, _read_amount),
    ("rate", _RATES, six, rate_text),
    ("entry", _ENTRIES, lambda entry: write_entry(entry, 1), read_entry),
    ("reconciliation", _STATED, write_extra, read_extra),
]
