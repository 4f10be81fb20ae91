"""Which tax rate of an accounting system a line of an invoice bears: decided by name or by the only equal one.

The wrong rate falsifies a VAT return: 25 % on income and 25 % on expenses are different rates. So no rate is ever made,
and never the nearest taken; where there is not exactly one, the answer says which there are.
Source: the vendor's mapping rule (Monite, accounting integrations, read 2026-11-20), direction and status as decided.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from tieout.kernel.money import decimal_text

Direction = Literal["sales", "purchases"]


class RateThere(NamedTuple):
    """One tax rate of the accounting system."""

    public_id: str  # ours
    platform_object_id: str
    name: str
    effective_tax_rate: int  # hundredths of a percent: 2500 is 25 %
    direction: str  # sales, purchases, both
    active: bool

    def serves(self, direction: Direction) -> bool:
        """Whether new documents of this direction may bear it."""
        return self.active and self.direction in (direction, "both")


class LineTax(NamedTuple):
    """What one line of an invoice says of its tax."""

    number: int  # 1, 2, ...
    vat_rate_id: str  # public id of a rate; empty where nobody said
    tax_rate_value: int | None  # hundredths of a percent; None where nobody said
    tax_minor_units: int


class TaxMapping(NamedTuple):
    """The platform's id of the rate of each line, in order, None for a line without tax; or why there is none."""

    platform_object_ids: tuple[str | None, ...]
    problems: tuple[str, ...]  # one sentence per line that cannot be mapped; empty when all can


def map_tax_rates(lines: Sequence[LineTax], rates: Sequence[RateThere], direction: Direction) -> TaxMapping:
    """The rate of every line: the one it names, else the only active one of its direction that is equal.

    A line that says neither, and carries no tax, bears none.
    """
    found: list[str | None] = []
    problems: list[str] = []
    for line in lines:
        answer = _mapped(line, rates, direction)
        if isinstance(answer, _Problem):
            problems.append(f"line {line.number}: {answer.what}")
        else:
            found.append(answer)
    return TaxMapping(() if problems else tuple(found), tuple(problems))


class _Problem(NamedTuple):
    what: str


def _mapped(line: LineTax, rates: Sequence[RateThere], direction: Direction) -> str | _Problem | None:
    if line.vat_rate_id:
        return _named(line.vat_rate_id, rates, direction)
    there = [rate for rate in rates if rate.serves(direction)]
    if line.tax_rate_value is None:
        if not line.tax_minor_units:
            return None
        return _Problem(f"it carries tax, and nobody said at which rate; {_listed(there, direction)}")
    equal = [rate for rate in there if rate.effective_tax_rate == line.tax_rate_value]
    if len(equal) == 1:
        return equal[0].platform_object_id
    asked = _percent(line.tax_rate_value)
    if not equal:
        return _Problem(f"no rate of {asked} for {direction} exists there; {_listed(there, direction)}")
    names = ", ".join(f'"{rate.name}" ({rate.public_id})' for rate in _in_order(equal))
    return _Problem(f"several rates of {asked} for {direction} exist there: {names}; say which with vat_rate_id")


def _named(public_id: str, rates: Sequence[RateThere], direction: Direction) -> str | _Problem:
    named = next((rate for rate in rates if rate.public_id == public_id), None)
    if named is None:
        there = [rate for rate in rates if rate.serves(direction)]
        return _Problem(f"its vat_rate_id {public_id} is no rate there; {_listed(there, direction)}")
    if not named.active:
        return _Problem(f'the rate "{named.name}" that it names is no longer active there')
    if not named.serves(direction):
        return _Problem(f'the rate "{named.name}" that it names is for {named.direction}, not for {direction}')
    return named.platform_object_id


def _listed(there: Sequence[RateThere], direction: Direction) -> str:
    if not there:
        return f"there are no active rates for {direction} at all: make one there"
    names = ", ".join(f'"{rate.name}" {_percent(rate.effective_tax_rate)}' for rate in _in_order(there))
    return f"there are: {names}"


def _in_order(rates: Sequence[RateThere]) -> list[RateThere]:
    return sorted(rates, key=lambda rate: (rate.effective_tax_rate, rate.name, rate.public_id))


def _percent(hundredths: int) -> str:
    text = decimal_text(hundredths, 2).rstrip("0").rstrip(".")
    return f"{text} %"
