"""Writes MT940 with structured field 86, in capitals and without accents, as banks write it.

Source: German banking industry, format standards (Anlage 3), field 86.
"""

import unicodedata
from collections.abc import Iterator

from examples.making.statements import Listed, Statement, decimal
from examples.making.story import BankLine

_SUBFIELD_LENGTH = 27
_SPELLED_OUT = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "Ø": "OE", "Å": "AA"})


def mt940(statement: Statement, number: int) -> bytes:
    """One message; the opening balance bears the day on which the last statement closed."""
    account, period = statement.account, statement.period
    lines = [
        f":20:{period.last_day.replace('-', '')}",
        f":25:{account.number}",
        f":28C:{number}/1",
        f":60F:{_balance(statement.opening, _day_before(period.first_day), account.currency)}",
        *(text for each in statement.listed for text in _entry(each)),
        f":62F:{_balance(statement.closing, period.last_day, account.currency)}",
        "-",
    ]
    return "\r\n".join([*lines, ""]).encode("ascii")


def _balance(minor_units: int, day: str, currency: str) -> str:
    return f"{_mark(minor_units)}{_short(day)}{currency}{decimal(minor_units, ',')}"


def _mark(minor_units: int) -> str:
    return "D" if minor_units < 0 else "C"


def _short(day: str) -> str:
    return day[2:].replace("-", "")


def _day_before(first_day: str) -> str:
    """The last day of the month before a first of March, April or May."""
    return {"03": "2026-02-28", "04": "2026-03-31", "05": "2026-04-30"}[first_day[5:7]]


def _entry(each: Listed) -> Iterator[str]:
    line = each.line
    day = _short(line.day)
    yield f":61:{day}{day[2:]}{_mark(line.amount)}{decimal(line.amount, ',')}NTRFNONREF//{each.id}"
    yield from _wrapped(f":86:{166 if line.amount > 0 else 116}{_subfields(line)}")


def _subfields(line: BankLine) -> str:
    texts = [f"?{20 + place}{part}" for place, part in enumerate(_pieces(line.text))]
    names = [f"?{32 + place}{part}" for place, part in enumerate(_pieces(line.party.name)[:2])]
    account = [f"?31{line.party.account}"] if line.party.account else []
    return "".join([f"?00{_plain(line.bank_text)}", *texts, *account, *names])


def _pieces(text: str) -> list[str]:
    """The text in pieces of 27 characters, cut inside a word where it has to be."""
    plain = _plain(text)
    return [plain[start : start + _SUBFIELD_LENGTH] for start in range(0, len(plain), _SUBFIELD_LENGTH)]


def _plain(text: str) -> str:
    spelled_out = text.upper().translate(_SPELLED_OUT)
    parts = unicodedata.normalize("NFKD", spelled_out)
    return "".join(mark for mark in parts if not unicodedata.combining(mark))


def _wrapped(text: str) -> Iterator[str]:
    """Lines of 65 characters, as a field is wrapped in a message; the tag belongs to the first."""
    for start in range(0, len(text), 65):
        yield text[start : start + 65]
