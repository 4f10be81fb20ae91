"""A result in words and figures for people: what the report and the terminal say alike."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from tieout.domain.result_totals import AGE_LIMITS
from tieout.domain.results import AccountProof, BankReconciliation, Result, amount_text
from tieout.kernel.dates import NO_DAY, day_text

Standing: TypeAlias = Literal["holds", "fails", "unproved"]

# Why a proof or a reconciliation can be neither made nor broken, and what would let it be made.
_UNPROVED = {
    "no_balances": "the file states no balances",
    "no_opening": "the file states no opening balance",
    "no_closing": "the file states no closing balance",
    "floor_limit": "the file leaves out entries below its floor limit",
    "open_items_only": "the books were given as open items only; give the book entries too, or --book-balance",
    "no_book_balance": "no balance per books was given; add --book-balance ACCOUNT=AMOUNT",
    "book_balance_unclear": "the balances that the books state beside their entries do not agree with these",
    "no_bank_balance": "the bank file states no closing balance",
}


# More accounts are counted, not named.
_ACCOUNTS_NAMED_MAX = 3


class Verdict(NamedTuple):
    """Whether a result ties out, in one sentence with its reasons."""

    standing: Standing
    headline: str
    reasons: tuple[str, ...]


def figure(minor_units: int, currency: str, exponent: int | None = None) -> str:
    """An amount with its sign and a comma between thousands: -1,234.50."""
    whole, point, decimals = amount_text(minor_units, currency, exponent).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{decimals}"


def count_of(count: int, one: str, many: str = "") -> str:
    """`1 line`, `2,500 lines`."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def phrase(code: str) -> str:
    """A code as words: `exact_reference` becomes `exact reference`."""
    return code.replace("_", " ")


def why_unproved(reason: str | None) -> str:
    """Why nothing can be proved, in words."""
    return _UNPROVED.get(reason or "", phrase(reason or "too little is known"))


def age_names() -> tuple[str, ...]:
    """The names of the groups of `result_totals.ageing`: 0-30 days, ..., over 90 days."""
    starts = (0, *(limit + 1 for limit in AGE_LIMITS))
    groups = [f"{start}-{limit} days" for start, limit in zip(starts, AGE_LIMITS, strict=False)]
    return (*groups, f"over {AGE_LIMITS[-1]} days")


def accounts_of(result: Result) -> tuple[str, ...]:
    """The accounts of the statement side, in order of name; those of the proofs where there are no lines."""
    named = {result.statement.account.names[code] for code in set(result.statement.account.codes.tolist())}
    named |= {proof.account for proof in result.proofs} | {account.account for account in result.reconciliations}
    return tuple(sorted(name for name in named if name))


def names_of(accounts: Sequence[str]) -> str:
    """A few accounts by name, many by their number."""
    if len(accounts) > _ACCOUNTS_NAMED_MAX:
        return f"{len(accounts):,} accounts"
    return ", ".join(accounts) or "an unnamed account"


def period_of(result: Result) -> tuple[str, str] | None:
    """The first and the last booking day of the statement side, else of the ledger; None where no line has one."""
    for table in (result.statement, result.ledger):
        days = table.booking_day[table.booking_day != NO_DAY]
        if len(days):
            return day_text(int(days.min())), day_text(int(days.max()))
    return None


def verdict(result: Result) -> Verdict:
    """What a reader wants to know first: whether every balance is proved and every account reconciles."""
    against = tuple(_faults(result))
    if against:
        return Verdict("fails", "Does not tie out", against)
    missing = tuple(_gaps_in_proof(result))
    if missing:
        return Verdict("unproved", "Nothing contradicts, but not everything can be proved", missing)
    return Verdict("holds", "Ties out", ("every balance is proved and every account reconciles to the books",))


def _faults(result: Result) -> Iterable[str]:
    if result.quarantined:
        few = "entry that cannot be read whole is", "entries that cannot be read whole are"
        yield f"{count_of(len(result.quarantined), *few)} not counted"
    for proof in result.proofs:
        if proof.holds is False:
            yield f"a statement of {proof.account} is off by {_gap(proof)}"
    for account in result.reconciliations:
        if account.holds is False:
            yield f"{account.account} differs from the books by {_difference(account)}"
    yield from result.conservation.faults
    if not (result.conservation.holds or result.conservation.faults):
        yield "a line of the input is neither used nor open"


def _gap(proof: AccountProof) -> str:
    if not proof.gap:
        return "its counts, though the sums agree"
    return f"{figure(proof.gap, proof.currency, proof.exponent)} {proof.currency}"


def _difference(account: BankReconciliation) -> str:
    return "an unknown amount" if account.difference is None else money(account.difference, account.currency)


def brought_forward(result: Result) -> str:
    """What this run takes over from the one before it, in a sentence; empty where there was none."""
    earlier = result.brought_forward
    if earlier is None:
        return ""
    words = f"{count_of(len(earlier.lines), 'open line')} brought forward from the run before"
    if earlier.awaiting:
        words += f", {len(earlier.awaiting):,} of them tied already and waiting for an entry in the books"
    if earlier.left_out:
        words += f"; {count_of(earlier.left_out, 'line')} left out that it has already"
    return f"{words}."


def money(minor_units: int, currency: str) -> str:
    """An amount as `figure` with its currency."""
    return f"{figure(minor_units, currency)} {currency}"


def _by_reason(unproved: Iterable[tuple[str, str | None]]) -> Iterable[str]:
    """One sentence per reason, with the accounts that it is true of."""
    accounts: dict[str | None, dict[str, None]] = {}
    for account, reason in unproved:
        accounts.setdefault(reason, {})[account or "an unnamed account"] = None
    for reason, named in accounts.items():
        yield f"{names_of(tuple(named))}: {why_unproved(reason)}"


def _gaps_in_proof(result: Result) -> Iterable[str]:
    yield from _by_reason((proof.account, proof.reason) for proof in result.proofs if proof.holds is None)
    yield from _by_reason((each.account, each.reason) for each in result.reconciliations if each.holds is None)
    if not (result.proofs or result.reconciliations):
        yield "the files state no balances"
