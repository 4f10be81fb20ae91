"""Financial transactions (Lançamentos): our statement lines."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from tieout.dialects.fintera.amounts import write_amount
from tieout.dialects.fintera.currencies import write_currency
from tieout.dialects.fintera.fields import Given
from tieout.dialects.fintera.links import Addresses, link, reconciliations
from tieout.dialects.fintera.moments import write_day, write_moment
from tieout.dialects.fintera.refusals import NOT_IN_LIST
from tieout.domain.extra import extra_of, with_extra
from tieout.domain.lines import Line, Origin
from tieout.domain.people import Face
from tieout.services.lines import LineNow

DEBIT, CREDIT = "Debit", "Credit"
_KEPT_TEXTS = ("guid", "user_description", "original_description", "observation")
_KEPT_IDS = ("classification_center_id", "person_id", "category_id")


class TransactionGiven(NamedTuple):
    """What a request says of a transaction; None where it says nothing."""

    direction: str | None  # DEBIT, CREDIT
    minor_units: int | None  # never negative: the direction is the sign
    occurred_day: int | None
    document: str | None
    kept: dict[str, Any]  # what only this vendor keeps

    def signed(self, otherwise: int) -> int:
        """The amount with its sign; amount and direction come from `otherwise` where they are not given."""
        size = self.minor_units
        if size is None:
            size = otherwise if otherwise >= 0 else -otherwise
        debit = otherwise < 0 if self.direction is None else self.direction == DEBIT
        return -size if debit else size


def read_transaction(given: Given, currency: str) -> TransactionGiven:
    """The fields of a request; faults are left in `given`. An amount's own sign says nothing, `type` does."""
    direction = given.text("type")
    if direction not in (None, DEBIT, CREDIT):
        given.fault("type", NOT_IN_LIST)
    amount = given.amount("amount", currency)
    kept: dict[str, Any] = {name: given.text(name) for name in _KEPT_TEXTS if name in given}
    kept |= {name: given.whole(name) for name in _KEPT_IDS if name in given}
    return TransactionGiven(
        direction=direction,
        minor_units=-amount if amount is not None and amount < 0 else amount,
        occurred_day=given.day("occurred_at"),
        document=(given.text("document") or "") if "document" in given else None,
        kept=kept,
    )


def described(kept: dict[str, Any]) -> str:
    """What the engine reads of an entered transaction: the bank's words, or the user's where there are none."""
    return kept.get("original_description") or kept.get("user_description") or ""


def changes_of(line: Line, told: TransactionGiven) -> dict[str, object]:
    """The columns of a line after a request; of a line from a document the bank's words stay."""
    extra = with_extra(line.extra, Face.FINTERA, told.kept) if told.kept else line.extra
    changes: dict[str, object] = {"extra": extra}
    if told.direction is not None or told.minor_units is not None:
        changes["minor_units"] = told.signed(line.minor_units)
    if told.occurred_day is not None:
        changes["booking_day"] = told.occurred_day
    if told.document is not None:
        changes["reference"] = told.document
    if line.origin == Origin.ENTERED and (text := described(extra_of(extra, Face.FINTERA))):
        changes["description"] = text
    return changes


def write_transaction(now: LineNow, with_accounts: Sequence[Any], addresses: Addresses) -> dict[str, Any]:
    """One transaction with every field that the vendor ever sent, those of 2013 and those of 2017.

    with_accounts: what it is reconciled with, from `links.reconciled_with`.
    """
    line, kept = now.line, extra_of(now.line.extra, Face.FINTERA)
    address = addresses.transaction(line.account_id, line.id)
    return {
        "id": line.id,
        "guid": kept.get("guid"),
        "type": DEBIT if line.minor_units < 0 else CREDIT,
        "absolute_amount": write_amount(max(line.minor_units, -line.minor_units), line.currency),
        "amount": write_amount(line.minor_units, line.currency),
        "occurred_at": write_day(line.booking_day),
        "document": line.reference or None,
        "original_description": kept.get("original_description", line.description or None),
        "user_description": kept.get("user_description"),
        "bank_statement_id": line.document_id,
        "classification_center_id": kept.get("classification_center_id"),
        "deposit_account_id": line.account_id,
        "person_id": kept.get("person_id"),
        "parent_id": None,
        "currency_id": write_currency(line.currency),
        "category_id": kept.get("category_id"),
        "transfer_id": line.transfer_id,
        "created_at": write_moment(line.created_at),
        "updated_at": write_moment(line.changed_at),
        "imported_from_sync": line.origin == Origin.FEED,
        "balance_difference": False,
        "divided": False,
        "attachments_count": 0,
        "observation": kept.get("observation", _observation(line)),
        "reconciled": now.tied,
        "transfer_deposit_account_id": None,
        "attachment_id_list": [],
        "reconciliations": reconciliations((), with_accounts),
        "links": [link("self", address), link("destroy", address, "delete")],
    }


def _observation(line: Line) -> str | None:
    """The vendor repeats the bank's words as the observation of an imported transaction."""
    return (line.description or None) if line.origin == Origin.DOCUMENT else None
