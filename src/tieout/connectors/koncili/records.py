"""Koncili's settlement records in our words."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tieout.contracts.connector import FoundEntry, FoundPage
from tieout.contracts.exact_json import JsonNumber
from tieout.contracts.http_client import CallFault
from tieout.domain.entry_facts import EntryFacts
from tieout.kernel.currencies import exponent_of
from tieout.kernel.errors import TieoutError, excerpt_of
from tieout.kernel.money import minor_units_of

# What the vendor's types are here; marketplaces add their own, which count as adjustments.
KINDS: Mapping[str, str] = {
    "SALE": "sale",
    "COMISSION": "fee",
    "COMMISSION": "fee",
    "SHIP": "fee",
    "RETURN_SALE": "refund",
    "RETURN_COMISSION": "fee",
    "RETURN_COMMISSION": "fee",
    "RETURN_SHIP": "fee",
    "TRANSFER": "payout",
}
_OTHER_KIND = "adjustment"

# 2019-05-06T03:00:00.000+0000, as Java writes it; or the day alone.
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:?\d{2}))?", re.ASCII)
# Said elsewhere, or by our own columns.
_OWN = ("id", "releasedValue", "extractType", "orderCode", "channel", "releasedDate", "expectedDate", "conciliationId")


class _LeftOut(Exception):
    """A record that cannot be taken in; the message says why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How records are read: in which currency their amounts are, and whose days their instants are."""

    currency: str
    zone: ZoneInfo

    def page(self, tree: Any, told: str) -> FoundPage:
        """One page of records. Raises CallFault (malformed) where it is none, or names a record without an id."""
        records = tree.get("content") if isinstance(tree, dict) else None
        if not isinstance(records, list):
            raise CallFault("malformed", f"{told}: the answer has no list `content`")
        entries, left_out = [], {}
        for record in records:
            if not isinstance(record, dict) or type(record.get("id")) is not int:
                raise CallFault("malformed", f"{told}: a record has no whole number as its `id`")
            try:
                entries.append(self.entry(record))
            except _LeftOut as reason:
                left_out[str(record["id"])] = str(reason)
        return FoundPage(entries, left_out)

    def entry(self, record: Mapping[str, Any]) -> FoundEntry:
        """One record; the value keeps the digits and the sign that it came with."""
        waits = record.get("releasedValue") is None
        released, expected = self._day(record, "releasedDate"), self._day(record, "expectedDate")
        told = (expected or released) if waits else (released or expected)
        if told is None:
            raise _LeftOut("releasedDate, expectedDate: there is neither, and so no day to keep it under")
        entry_type = _text(record, "extractType")
        return FoundEntry(
            vendor_id=str(record["id"]),
            batch="" if record.get("conciliationId") is None else str(record["conciliationId"]),
            kind=KINDS.get(entry_type.upper(), _OTHER_KIND),
            told_date=told,
            facts=EntryFacts(
                entry_type=entry_type,
                received="" if waits else self._decimal(record, "releasedValue"),
                order_code=_text(record, "orderCode"),
                channel=_text(record, "channel"),
                original_minor_units=self._optional(record, "originalValue"),
                expected_minor_units=self._optional(record, "expectedValue"),
                expected_date=expected,
                released_date=None if waits else released,
                plot_number=_whole(record, "plotNumber"),
                plots_quantity=_whole(record, "plotsQuantity"),
                facts=_others(record),
            ),
            description=_text(record, "observation"),
            counterparty=_text(record, "customerName"),
        )

    def _decimal(self, record: Mapping[str, Any], name: str) -> str:
        """The decimal text of a value, once it is known to fit the currency."""
        value = record[name]
        text = str(value) if type(value) in (int, str, JsonNumber) else ""
        try:
            minor_units_of(text, exponent_of(self.currency))
        except TieoutError as fault:
            raise _LeftOut(f"{name}: {fault}") from None
        return text

    def _optional(self, record: Mapping[str, Any], name: str) -> int | None:
        if record.get(name) is None:
            return None
        return minor_units_of(self._decimal(record, name), exponent_of(self.currency))

    def _day(self, record: Mapping[str, Any], name: str) -> date | None:
        """The day of an instant in the marketplace's zone."""
        text = _text(record, name)
        if not text:
            return None
        parts = _INSTANT.fullmatch(text)
        try:
            day = None if parts is None else self._local_day(*parts.groups())
        except (ValueError, OverflowError):
            day = None
        if day is None:
            raise _LeftOut(f"{name}: {excerpt_of(text)} is no instant")
        return day

    def _local_day(self, day: str, time: str | None, offset: str | None) -> date:
        if time is None:
            return date.fromisoformat(day)
        return datetime.fromisoformat(f"{day}T{time}{offset}").astimezone(self.zone).date()


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    return "" if value is None else str(value)


def _whole(record: Mapping[str, Any], name: str) -> int | None:
    value = record.get(name)
    return value if type(value) is int and 0 <= value < 2**31 else None


def _others(record: Mapping[str, Any]) -> str:
    """What else the record says, with numbers as they were written."""
    others = {name: value for name, value in record.items() if name not in _OWN and value is not None}
    return json.dumps(others, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str) if others else ""
