"""What a connector or another feed hands over of settlements, and what is wrong with it whatever is kept already."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tieout.domain.accounts import Account, AccountKind
from tieout.domain.entry_facts import EntryFacts
from tieout.domain.kinds import STATEMENT_KINDS
from tieout.domain.settlements import SettlementBatch
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import Refusal
from tieout.kernel.money import MINOR_UNITS_MAX, AmountOutOfRange, NotAnAmount, TooManyDecimals, minor_units_of
from tieout.services.days import is_day
from tieout.services.texts import text_refusals
from tieout.store.protocols import Reading

# What a vendor tells in one go; more comes in several calls.
ENTRIES_MAX = 10_000
# More than that nobody corrects before trying again.
REFUSALS_SHOWN_MAX = 20
_TEXTS = ("entry_type", "received", "order_code", "channel", "facts")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedEntry:
    """One entry as a vendor tells it; the value has the sign that the vendor wrote, whatever it means."""

    native_id: str  # the vendor's own, by which it is known again
    kind: str  # domain.kinds.STATEMENT_KINDS; `payout` is the batch's payout and no entry
    day: int  # of its effect on the account, or on which it was told, as days since 1970-01-01
    facts: EntryFacts  # `received` is decimal text, empty while the vendor waits itself
    description: str = ""
    counterparty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesReceived:
    """Entries of one batch, all or some of them; amounts in minor units of the account's currency."""

    account_id: int  # the provider's clearing account
    batch_number: str  # empty while the vendor names none
    entries: Sequence[ReceivedEntry]
    payout_minor_units: int | None = None  # positive is money to the bank; None where the vendor does not say
    payout_day: int | None = None
    carried_minor_units: int = 0  # brought in positive, left for later negative


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of entries: their batch, the line of each by the vendor's id, and how many are new."""

    batch: SettlementBatch
    lines: Mapping[str, int]  # the payout's too
    new: int
    released: int  # known ones that the vendor waited for, or told another value of
    held: tuple[str, ...]  # ids told with another value while a match holds their line: undo it, and they follow


def received_refusals(account: Account | None, received: EntriesReceived) -> list[Refusal]:
    """Everything that keeps entries from being kept, located as "entries[3].received"."""
    if account is None:
        return [Refusal("not_found", "account_id")]
    facts = (("account", str(account.id)),)
    if account.kind != AccountKind.PROVIDER:
        return [Refusal("not_allowed", "account_id", facts)]
    if account.archived_at is not None:
        return [Refusal("account_archived", "account_id", facts)]
    if len(received.entries) > ENTRIES_MAX:
        return [Refusal("too_many", "entries", (("most", str(ENTRIES_MAX)),))]
    found = text_refusals([("batch_number", received.batch_number)])
    for name in ("payout_minor_units", "carried_minor_units"):
        amount = getattr(received, name)
        if amount is not None and not -MINOR_UNITS_MAX <= amount <= MINOR_UNITS_MAX:
            found.append(Refusal("amount_out_of_range", name))
    if received.payout_day is not None and not is_day(received.payout_day):
        found.append(Refusal("bad_date", "payout_day"))
    counts = Counter(entry.native_id for entry in received.entries)
    for place, entry in enumerate(received.entries):
        where = f"entries[{place}]."
        if counts[entry.native_id] > 1:
            found.append(Refusal("twice", f"{where}native_id"))
        found += _entry_refusals(entry, account.currency, where)
        if len(found) >= REFUSALS_SHOWN_MAX:
            break
    return found[:REFUSALS_SHOWN_MAX]


def value_of(entry: ReceivedEntry, currency: str) -> int:
    """The value as received, in minor units; zero while the vendor waits. Raises what minor_units_of raises."""
    return minor_units_of(entry.facts.received, EXPONENTS[currency]) if entry.facts.received else 0


def account_of(view: Reading, entity_id: int, received: EntriesReceived) -> Account | None:
    """The account that entries are of."""
    return view.one(Account, entity_id=entity_id, id=received.account_id)


def _entry_refusals(entry: ReceivedEntry, currency: str, where: str) -> list[Refusal]:
    texts = [(f"{where}{name}", getattr(entry.facts, name)) for name in _TEXTS]
    own = [(f"{where}{name}", getattr(entry, name)) for name in ("native_id", "description", "counterparty")]
    found = text_refusals([*own, *texts])
    if not entry.native_id:
        found.append(Refusal("required", f"{where}native_id"))
    if entry.kind not in STATEMENT_KINDS[1:]:
        found.append(Refusal("not_allowed", f"{where}kind"))
    if not is_day(entry.day):
        found.append(Refusal("bad_date", f"{where}day"))
    try:
        value_of(entry, currency)
    except (NotAnAmount, TooManyDecimals, AmountOutOfRange) as fault:
        found.append(Refusal(fault.code, f"{where}received"))
    return found
