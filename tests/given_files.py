"""Files of both sides, small enough to read at a glance."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ACCOUNT = "NO9386011117947"
_HEADER = "id,account,currency,amount,booking_date,reference,counterparty,kind,settles,description"


class Row(NamedTuple):
    """One line of a canonical CSV; the day is one of May 2026 or YYYY-MM-DD."""

    id: str
    amount: str
    day: int | str = 4
    reference: str = ""
    counterparty: str = ""
    kind: str = ""
    settles: str = ""
    account: str = ""
    currency: str = "NOK"
    description: str = ""


def canonical(path: Path, rows: Sequence[Row]) -> str:
    """Write a canonical CSV; returns its path as a user names it."""
    lines = [
        f"{row.id},{row.account},{row.currency},{row.amount},{_day(row.day)},{row.reference},{row.counterparty},"
        f"{row.kind},{row.settles},{row.description}"
        for row in rows
    ]
    path.write_text("\n".join([_HEADER, *lines]) + "\n", encoding="utf-8")
    return str(path)


def _day(day: int | str) -> str:
    return f"2026-05-{day:02}" if isinstance(day, int) else day


class Entry(NamedTuple):
    """One entry of an MT940 statement; the day is YYYY-MM-DD."""

    day: str
    amount: str
    text: str = ""


def mt940(
    path: Path,
    opening: tuple[str, str] | None,
    closing: tuple[str, str] | None,
    *entries: Entry,
    account: str = ACCOUNT,
) -> str:
    """Write an MT940 statement in NOK; balances are an amount and a day. Returns its path as a user names it."""
    fields = [":20:TIEOUT", f":25:{account}", ":28C:1/1"]
    fields += [f":60F:{_balance(*opening)}"] if opening else []
    for number, entry in enumerate(entries, 1):
        fields.append(f":61:{_short(entry.day)}{_mark(entry.amount)}{_comma(entry.amount)}NTRFNONREF//B{number}")
        fields.append(f":86:{entry.text or 'payment'}")
    fields += [f":62F:{_balance(*closing)}"] if closing else []
    path.write_text("\n".join([*fields, "-"]) + "\n", encoding="utf-8")
    return str(path)


def ofx(path: Path, *entries: Entry, account: str = ACCOUNT) -> str:
    """Write an OFX statement in NOK that states no balance at all. Returns its path as a user names it."""
    rows = [
        f"<STMTTRN><DTPOSTED>{entry.day.replace('-', '')}<TRNAMT>{entry.amount}<FITID>{entry.day}{entry.amount}"
        f"<NAME>{entry.text}</STMTTRN>"
        for entry in entries
    ]
    head = f"<STMTRS><CURDEF>NOK<BANKACCTFROM><ACCTID>{account}</BANKACCTFROM><BANKTRANLIST>"
    body = "".join(
        ["<OFX><BANKMSGSRSV1><STMTTRNRS>", head, *rows, "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"]
    )
    path.write_text(f"OFXHEADER:100\nVERSION:102\n\n{body}\n", encoding="utf-8")
    return str(path)


def _balance(amount: str, day: str) -> str:
    return f"{_mark(amount)}{_short(day)}NOK{_comma(amount)}"


def _mark(amount: str) -> str:
    return "D" if amount.startswith("-") else "C"


def _comma(amount: str) -> str:
    return amount.removeprefix("-").replace(".", ",")


def _short(day: str) -> str:
    return day[2:].replace("-", "")
