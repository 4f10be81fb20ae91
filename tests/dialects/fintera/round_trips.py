"""What is written reads back as it was: amounts, days, and whole bodies in XML and JSON."""

import json
from typing import Any

from hypothesis import strategies as some

from tieout.contracts.exact_json import JsonNumber, read_tree
from tieout.contracts.http_negotiation import JSON
from tieout.dialects.fintera.amounts import read_amount, write_amount
from tieout.dialects.fintera.answers import Bare, written
from tieout.dialects.fintera.currencies import CURRENCY_IDS, read_currency, write_currency
from tieout.dialects.fintera.moments import read_day, write_day
from tieout.dialects.fintera.rails_xml import read_xml, write_xml
from tieout.dialects.fintera.values import DayText, DecimalText, MomentText, SymbolText
from tieout.kernel.money import MINOR_UNITS_MAX

# Texts that XML can carry; a blank one beside elements says nothing, so texts are leaves.
_TEXTS = some.text(some.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
_NAMES = some.from_regex(r"[a-z]{1,8}(_[a-z]{1,6}){0,2}", fullmatch=True)
_TYPED = some.one_of(
    some.none(),
    some.booleans(),
    some.integers(-(10**14), 10**14),
    some.integers(0, 10**9).map(lambda cents: DecimalText(f"{cents // 100}.{cents % 100:02}")),
    some.dates().map(lambda day: DayText(day.isoformat())),
    some.just(MomentText("2015-11-12T11:54:13-02:00")),
    some.sampled_from(["unpaid", "reconciled"]).map(SymbolText),
    _TEXTS,
)
FIELDS = some.dictionaries(
    _NAMES,
    some.recursive(
        _TYPED,
        lambda inner: some.one_of(
            some.lists(inner, max_size=4), some.dictionaries(_NAMES, inner, min_size=1, max_size=4)
        ),
        max_leaves=12,
    ),
    min_size=1,
    max_size=6,
)
_MONEY = some.tuples(
    some.one_of(
        some.integers(-10_000, 10_000),
        some.integers(-MINOR_UNITS_MAX // 1000, MINOR_UNITS_MAX // 1000),
    ),
    some.sampled_from(["BRL", "JPY", "KWD", "CLF"]),
)


def typed(value: Any) -> Any:
    """The value with the types of its texts made visible, so that a decimal and a text differ."""
    match value:
        case dict():
            return {name: typed(each) for name, each in value.items()}
        case list():
            return [typed(each) for each in value]
    return type(value).__name__, value


def _written_money(money: tuple[int, str]) -> tuple[object, str]:
    minor_units, currency = money
    return write_amount(minor_units, currency), currency


def _as_number(money: tuple[int, str]) -> tuple[object, str]:
    minor_units, currency = money
    return JsonNumber(write_amount(minor_units, currency)), currency


def _read_money(written_money: tuple[object, str]) -> tuple[int, str]:
    value, currency = written_money
    return read_amount(value, currency), currency


ROUND_TRIPS = (
    ("amount as text", _MONEY, _written_money, _read_money),
    ("amount as number", _MONEY, _as_number, _read_money),
    ("day", some.integers(-100_000, 100_000), write_day, read_day),
    ("currency", some.sampled_from(sorted(CURRENCY_IDS)), write_currency, read_currency),
    (
        "fields in XML",
        FIELDS.map(typed),
        lambda fields: write_xml("hash", _untyped(fields)),
        lambda body: typed(read_xml(body)["hash"]),
    ),
    (
        "fields in JSON",
        FIELDS.map(lambda fields: json.loads(json.dumps(fields))),
        lambda fields: written(Bare(fields), JSON),
        read_tree,
    ),
)


def _untyped(value: Any) -> Any:
    match value:
        case dict():
            return {name: _untyped(each) for name, each in value.items()}
        case list():
            return [_untyped(each) for each in value]
    return value[1]
