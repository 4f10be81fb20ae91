"""The amounts that an entry leaves out, as both programs fill them in: what the other postings leave over."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tieout.platforms.journal.model import EXACT, Entry, Posting, Quantity, not_understood


def completed(entry: Entry) -> tuple[Posting, ...]:
    """The real postings of an entry, each with its amount; one without becomes one for each commodity left over.

    Raises PlatformFault when more than one is left out, when what is left over cannot be told, and when something is
    left over where no amount is left out.
    """
    real = [posting for posting in entry.postings if posting.real]
    missing = [posting for posting in real if posting.quantity is None]
    if len(missing) > 1:
        raise not_understood(missing[1].place, "only one posting of an entry may have no amount", missing[1].account)
    if not missing:
        _require_balance(entry, real)
        return tuple(real)
    filled = list(_filled(real, missing[0]))
    at = real.index(missing[0])
    return (*real[:at], *filled, *real[at + 1 :])


def _filled(real: list[Posting], missing: Posting) -> Iterator[Posting]:
    over: dict[str, Decimal] = {}
    for posting in real:
        if posting is missing:
            continue
        if posting.weight is None:
            raise not_understood(
                missing.place, "write this amount; the cost of another posting is looked up", missing.account
            )
        number, commodity = posting.weight
        over[commodity] = EXACT.subtract(over.get(commodity, Decimal()), number)
    left = {commodity: number for commodity, number in over.items() if number} or dict.fromkeys([*over][:1], Decimal())
    for commodity, number in left.items():
        quantity = Quantity(number, commodity)
        yield replace(missing, quantity=quantity, weight=quantity)


def _require_balance(entry: Entry, real: list[Posting]) -> None:
    """Pass where the postings come to nothing, but for less than the last digit that the entry writes.

    Two commodities that are left over are bought with each other, as hledger has it. A cost that is looked up is
    nobody's to add.
    """
    over: dict[str, Decimal] = {}
    digit: dict[str, Decimal] = {}
    for posting in real:
        if posting.weight is None:
            return
        number, commodity = posting.weight
        over[commodity] = EXACT.add(over.get(commodity, Decimal()), number)
        if posting.weight == posting.quantity and (last := _last_digit(number)) < 1:
            digit[commodity] = max(digit.get(commodity, last), last)
    left = [(each, number) for each, number in over.items() if not _is_rounding(number, digit.get(each, Decimal(1)))]
    if len(left) == 1:
        commodity, number = left[0]
        told = f"the postings of this entry do not add up, {number:f} {commodity} is left over".rstrip()
        raise not_understood(entry.place, told, entry.narration or entry.payee)


def _last_digit(number: Decimal) -> Decimal:
    """One in the last place that a number is written to: 0.01 for 12.50."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "amounts are finite"
    return Decimal((0, (1,), exponent))


def _is_rounding(number: Decimal, digit: Decimal) -> bool:
    return -digit < number < digit
