"""Settlement entries as the vendor's records, and pages of them.

Names are those of the vendor's examples and of what its clients read. What stands in our columns is written from
them; the rest comes from what the provider said under the vendor's own names, and is null where it said nothing.
"""

import re
from collections.abc import Mapping, Sequence
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
_NOTHING: Mapping[str, msgspec.Raw] = {}


class Tenant:
    """Whose records they are: the path of the tenant, and the zone in which its days are."""

    __slots__ = ("_batches", "oi", "time_zone")

    def __init__(self, organisation_id: int, entity_id: int, time_zone: str) -> None:
        self.oi = f"{organisation_id}.{entity_id}."
        self.time_zone = time_zone
        self._batches: dict[int, Fields] = {}

    def record(self, delivered: DeliveredEntry) -> Fields:
        """One entry."""
        entry = delivered.entry
        said = _SAID.decode(entry.facts) if entry.facts else _NOTHING
        return {
            "id": entry.line_id,
            "oi": self.oi,
            "orderCode": entry.order_code,
            **_order(delivered, said),
            **_values(delivered, said),
            **self._batch(delivered.batch),
            "resolvedInERP": delivered.resolved_at is not None,
            "invoiceNumber": _text(said, "invoiceNumber"),
            "customerName": _text(said, "customerName") or delivered.line.counterparty or None,
            "customerDocumentNumber": _document_number(said),
        }

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


def _order(delivered: DeliveredEntry, said: Mapping[str, msgspec.Raw]) -> Fields:
    entry = delivered.entry
    return {
        "orderId": _text(said, "orderId") or entry.order_code,
        "orderIdHubOrigin": _number(said, "orderIdHubOrigin"),
        "origin": _text(said, "origin"),
        "channel": entry.channel,
        "accountName": _text(said, "accountName") or delivered.batch.channel,
        "channelStatus": _text(said, "channelStatus"),
        "internalStatus": _text(said, "internalStatus"),
        "orderDate": _text(said, "orderDate"),
        "paidDate": _text(said, "paidDate"),
        "invoiceDate": _text(said, "invoiceDate"),
        "sentDate": _text(said, "sentDate"),
        "cancelDate": _text(said, "cancelDate"),
        "paymentMethod": _text(said, "paymentMethod"),
        "plotValue": _number(said, "plotValue"),
        "totalValue": _number(said, "totalValue"),
        "plotsQuantity": entry.plots_quantity,
        "plotNumber": entry.plot_number,
    }


def _values(delivered: DeliveredEntry, said: Mapping[str, msgspec.Raw]) -> Fields:
    """What was to come and what came. The released value has the digits and the sign that it was received with."""
    entry, line, batch = delivered.entry, delivered.line, delivered.batch
    exponent = exponent_of(line.currency)
    released, finalized = bool(entry.received), batch.state == BatchState.FINALIZED
    return {
        "extractType": write_type(entry.entry_type, line.kind),
        "originalValue": _amount(entry.original_minor_units, exponent),
        "expectedValue": _amount(entry.expected_minor_units, exponent),
        "releasedValue": _written(entry.received),
        "releasedAsReceived": entry.received or None,
        "payoutEffect": _amount(line.minor_units, exponent) if batch.sign_rule else None,
        "payoutEffectRule": batch.sign_rule.upper() or None,
        "expectedPercentualComission": _number(said, "expectedPercentualComission"),
        "releasedPercentualComission": _number(said, "releasedPercentualComission"),
        "expectedDate": write_optional_day(entry.expected_day),
        "releasedDate": write_optional_day(entry.released_day),
        "situation": "CONCILIED" if released else "WAITING",
        "concilied": released and finalized,
        "partialConcilied": released and not finalized,
        "observation": _text(said, "observation") or line.description or None,
    }


def _amount(minor_units: int | None, exponent: int) -> msgspec.Raw | None:
    return None if minor_units is None else number(decimal_text(minor_units, exponent))


def _text(said: Mapping[str, msgspec.Raw], name: str) -> str | None:
    """A text that the provider said; None for nothing, an empty one, and anything else."""
    raw = bytes(said.get(name, b""))
    return msgspec.json.decode(raw, type=str) or None if raw[:1] == b'"' else None


def _number(said: Mapping[str, msgspec.Raw], name: str) -> msgspec.Raw | None:
    """A number that the provider said, as one or as text, with its digits; None for nothing and anything else."""
    return _written(bytes(said.get(name, b"")).strip(b'"').decode())


def _written(text: str) -> msgspec.Raw | None:
    """A decimal text as a number with its digits; None where JSON has no such number."""
    return number(text) if _NUMBER.fullmatch(text) else None


def _document_number(said: Mapping[str, msgspec.Raw]) -> int | None:
    """A CPF or CNPJ as the number that the vendor makes of it: its leading zeros are lost there."""
    raw = bytes(said.get("customerDocumentNumber", b"")).decode()
    digits = _NOT_A_DIGIT.sub("", raw)
    return int(digits) if 0 < len(digits) <= _DOCUMENT_DIGITS_MAX else None
