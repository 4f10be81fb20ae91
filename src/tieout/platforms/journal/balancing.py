"""The amounts that an entry leaves out, as both programs fill them in: what the other postings leave over."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tieout.platforms.journal.model import EXACT, Entry, Posting, Quantity, not_understood


def completed(entry: Entry) -> tuple[Posting, ...]:
    """The real postings of an entry, each with its amount; one without becomes one for each commodity left over.

    Raises PlatformFault when more than one is left out, or when what is left over cannot be told.
    """
    real = [posting for posting in entry.postings if posting.real]
    missing = [posting for posting in real if posting.quantity is None]
    if len(missing) > 1:
        raise not_understood(missing[1].place, "only one posting of an entry may have no amount", missing[1].account)
    if not missing:
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
