"""Why a match was made, in words an accountant would use."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from tieout.matching.evidence import Against, For

_AGAINST = {
    Against.NAMES_OTHER: "but the bank's text names another open document",
    Against.ACCOUNTS_DIFFER: "but the counterparty accounts differ",
    Against.PARTIES_DIFFER: "but the names have nothing in common",
    Against.OUTSIDE_WINDOW: "but the dates lie further apart than the plan allows",
    Against.OWN_TRANSFER: "but the counterparty account is one of your own",
    Against.OVERPAID: "but more was paid than the documents ask for",
    Against.OTHER_REFERENCE: "but the bank gives another document's number",
    Against.BEFORE_DOCUMENT: "but it was paid before the document was written",
    Against.BANK_CHARGE: "but the bank's text calls it a charge, interest or an own transfer",
    Against.POSTED_WHOLE: "but what is posted does not arrive in parts",
    Against.TEXT_CUT: "but the bank cut its text, so more documents may be meant",
}
_FOR = (
    (For.REFERENCE, "the same reference"),
    (For.NAMED, "the bank's text names the document"),
    (For.BATCH, "the same batch"),
    (For.OWN_ACCOUNT, "one line names the other's account"),
    (For.RETURN_MARK, "the later line is marked as a return"),
    (For.PAYOUT, "one line is the provider's payout"),
    (For.ENDS, "the later line ends what the provider held or carried on"),
    (For.BOOKED_TOGETHER, "booked on this account within days"),
    (For.CARRYING_VALUE, "the amount is near the carrying value"),
    (For.COUNTERPARTY, "the same counterparty"),
    (For.COUNTERPARTY_ACCOUNT, "the same counterparty account"),
    (For.ONLY_AMOUNT, "no other line in the window has this amount"),
)


class Told(NamedTuple):
    """What the reasons of one match are told from."""

    matcher: str
    supporting: int
    contradicting: int
    confirmed: bool
    considered: int  # open lines searched, 0 where nothing was searched
    chosen: int  # lines taken of them
    party: str  # name of the counterparty, or empty
    amount: str  # with currency
    rules: Sequence[str]  # names of the adjustment rules used
    partial: bool
    action: str | None
    chance: float | None  # accidental hits to expect
    contested: bool


def reasons_for(told: Told) -> tuple[str, ...]:
    """One sentence part per reason: what was found, what supports it, what speaks against it."""
    said = (_found(told), *_spoken(told.supporting, told.contradicting))
    if told.action == "undo_and_reopen":
        return (*said, "the earlier line is already tied: undo that match, reopen its open item, then tie this pair")
    if told.confirmed or told.contradicting:
        return said
    return (*said, _why_only_proposed(told))


@cache
def _spoken(supporting: int, contradicting: int) -> tuple[str, ...]:
    """What speaks for it, as one part, and each thing that speaks against it."""
    for_it = ", ".join(words for flag, words in _FOR if supporting & flag)
    against_it = [words for flag, words in _AGAINST.items() if contradicting & flag]
    return (for_it, *against_it) if for_it else tuple(against_it)


def _found(told: Told) -> str:
    rules = f" with its {' and '.join(told.rules)}" if told.rules else ""
    of_party = f" of {told.party}" if told.party else ""
    if told.matcher == "sum_of_many" and told.chosen > 1:
        return f"the only {told.chosen} of {told.considered} open lines{of_party} that add up to {told.amount}{rules}"
    if told.matcher == "batch_total":
        return f"the {told.considered} lines paid out together add up to {told.amount}{rules}"
    if told.matcher == "transfer":
        return f"{told.amount} left one own account and arrived on another"
    if told.matcher == "reversal":
        return f"one line of {told.amount} returns the other{rules}"
    if told.matcher == "decision":
        return "confirmed by decision"
    if told.contradicting & Against.OVERPAID:
        return f"a payment larger than {told.amount}{of_party}"
    if told.partial:
        return f"part payment of {told.amount}{of_party}"
    return f"equal amounts of {told.amount}{of_party}{rules}" if not told.rules else f"{told.amount}{of_party}{rules}"


def _why_only_proposed(told: Told) -> str:
    if told.chance is not None and told.chance > 0.001:
        return f"only proposed: about {told.chance:.2g} such hits are to be expected by chance"
    if told.contested:
        return "only proposed: another match wants one of these lines"
    return "only proposed: the evidence is not enough to confirm it"
