"""Settlement entries as the vendor's records, and pages of them.

Names are those of the vendor's examples and of what its clients read. What stands in our columns is written from
them; the rest comes from what the provider said under the vendor's own names, and is null where it said nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from tieout.contracts.exact_json import number
from tieout.dialects.koncili.moments import write_optional_day
from tieout.dialects.koncili.parameters import PAGE_SIZE
from tieout.domain.settlements import BatchState, SettlementBatch
from tieout.kernel.currencies import exponent_of
from tieout.kernel.money import decimal_text
from tieout.services.settlements.days_in_zone import day_in_zone
from tieout.services.settlements.delivery import DeliveredEntry

Fields: TypeAlias = dict[str, Any]

# By our kind of a line, the vendor's type; its other types are our kinds in capitals.
_TYPES: Mapping[str, str] = {"sale": "SALE", "fee": "COMISSION", "refund": "RETURN_SALE", "payout": "TRANSFER"}
# A type as the vendor spells them: SALE, COMISSION, RETURN_SHIP, and whatever a marketplace adds.
_SPELLED = re.compile("[A-Z][A-Z0-9_]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,6})?", re.ASCII)
_NOT_A_DIGIT = re.compile("[^0-9]")
# A CNPJ has 14 digits; more than 15 would not come back from every client's numbers.
_DOCUMENT_DIGITS_MAX = 15

_SAID = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Tenant:
    """Whose records they are: the path of the tenant, and the zone in which its days are."""

    __slots__ = ("_batches", "oi", "time_zone")

    def __init__(self, organisation_id: int, entity_id: int, time_zone: str) -> None:
        self.oi = f"{organisation_id}.{entity_id}."
        self.time_zone = time_zone
        self._batches: dict[int, Fields] = {}

    def record(self, delivered: DeliveredEntry) -> Fields:
        """One entry."""
        entry, line = delivered.entry, delivered.line
        own = {
            "id": entry.line_id,
            "oi": self.oi,
            "orderCode": entry.order_code,
            **_UNSAID,
            "orderId": entry.order_code,
            "channel": entry.channel,
            "accountName": delivered.batch.channel,
            "plotsQuantity": entry.plots_quantity,
            "plotNumber": entry.plot_number,
            "observation": line.description or None,
            "customerName": line.counterparty or None,
            **_values(delivered),
            **self._batch(delivered.batch),
            "resolvedInERP": delivered.resolved_at is not None,
        }
        return own | _said(entry.facts)

    def _batch(self, batch: SettlementBatch) -> Fields:
        """What says of which batch an entry is; the same for all entries of one page."""
        known = self._batches.get(batch.id)
        if known is None:
            closed_at = batch.finalized_at if batch.finalized_at is not None else batch.analyzed_at
            gap = batch.gap_minor_units
            known = self._batches[batch.id] = {
                "conciliationId": batch.id,
                "conciliationInitDate": write_optional_day(batch.start_day),
                "conciliationEndDate": write_optional_day(batch.end_day),
                "conciliationCloseDate": write_optional_day(
                    None if closed_at is None else day_in_zone(closed_at, self.time_zone)
                ),
                "conciliationStatus": batch.state.upper(),
                "conciliationDifference": _amount(gap, exponent_of(batch.currency)),
            }
        return known


def write_page(tenant: Tenant, offset: int, total: int, entries: Sequence[DeliveredEntry]) -> Fields:
    """A page of records; the count of the whole list stands where the vendor's example has it, and its guide."""
    return {
        "page": {"limit": PAGE_SIZE, "offset": offset, "count": total},
        "count": total,
        "content": [tenant.record(each) for each in entries],
    }


def write_elements(tenant: Tenant, entries: Sequence[DeliveredEntry]) -> Fields:
    """The records of one order."""
    return {"elements": [tenant.record(each) for each in entries]}


def write_type(entry_type: str, kind: str) -> str:
    """The type of an entry: the provider's own where it is spelled like the vendor's, else what our kind is there."""
    if _SPELLED.fullmatch(entry_type):
        return entry_type
    return _TYPES.get(kind) or kind.upper() or entry_type


def _values(delivered: DeliveredEntry) -> Fields:
    """What was to come and what came. The released value has the digits and the sign that it was received with."""
    entry, line, batch = delivered.entry, delivered.line, delivered.batch
    exponent = exponent_of(line.currency)
    released, finalized = bool(entry.received), batch.state == BatchState.FINALIZED
    return {
        "extractType": write_type(entry.entry_type, line.kind),
        "originalValue": _amount(entry.original_minor_units, exponent),
        "expectedValue": _amount(entry.expected_minor_units, exponent),
        "releasedValue": number(entry.received) if _NUMBER.fullmatch(entry.received) else None,
        "releasedAsReceived": entry.received or None,
        "payoutEffect": _amount(line.minor_units, exponent) if batch.sign_rule else None,
        "payoutEffectRule": batch.sign_rule.upper() or None,
        "expectedDate": write_optional_day(entry.expected_day),
        "releasedDate": write_optional_day(entry.released_day),
        "situation": "CONCILIED" if released else "WAITING",
        "concilied": released and finalized,
        "partialConcilied": released and not finalized,
    }


def _amount(minor_units: int | None, exponent: int) -> msgspec.Raw | None:
    return None if minor_units is None else number(decimal_text(minor_units, exponent))


def _said(facts: str) -> Fields:
    """What the provider said under the vendor's own names, in the kinds that the vendor has them."""
    if not facts:
        return {}
    found: Fields = {}
    for name, raw in _SAID.decode(facts).items():
        reads = _READERS.get(name)
        value = None if reads is None else reads(bytes(raw))
        if value is not None:
            found[name] = value
    return found


def _text(raw: bytes) -> msgspec.Raw | None:
    """A text as it was written; None for an empty one, and anything else."""
    return msgspec.Raw(raw) if raw[:1] == b'"' and raw != b'""' else None


def _number(raw: bytes) -> msgspec.Raw | None:
    """A number with its digits, given as one or as text; None for anything else."""
    text = raw.strip(b'"').decode()
    return number(text) if _NUMBER.fullmatch(text) else None


def _document_number(raw: bytes) -> int | None:
    """A CPF or CNPJ as the number that the vendor makes of it: its leading zeros are lost there."""
    digits = _NOT_A_DIGIT.sub("", raw.decode())
    return int(digits) if 0 < len(digits) <= _DOCUMENT_DIGITS_MAX else None


# What the vendor says beside our columns, and how each is read.
_READERS: Mapping[str, Callable[[bytes], Any]] = {
    **dict.fromkeys(
        (
            "orderId",
            "origin",
            "accountName",
            "channelStatus",
            "internalStatus",
            "orderDate",
            "paidDate",
            "invoiceDate",
            "sentDate",
            "cancelDate",
            "paymentMethod",
            "observation",
            "invoiceNumber",
            "customerName",
        ),
        _text,
    ),
    **dict.fromkeys(
        (
            "orderIdHubOrigin",
            "plotValue",
            "totalValue",
            "expectedPercentualComission",
            "releasedPercentualComission",
        ),
        _number,
    ),
    "customerDocumentNumber": _document_number,
}
_UNSAID: Fields = dict.fromkeys(_READERS)
