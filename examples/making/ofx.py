"""Writes OFX 1.02 as Brazilian banks write it: leaves without end tags, code page 1252 declared and UTF-8 written,
times of Brasília, and one memo for everything that is to be said.
"""

from collections.abc import Iterator

from examples.making.statements import Listed, Statement, decimal

_HEADER = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

"""
_BANK, _BRANCH = "999", "0417"


def ofx(statement: Statement) -> bytes:
    """One download; it states the balance of its last day and none of its first."""
    account, period = statement.account, statement.period
    lines = [
        "<OFX>",
        "<SIGNONMSGSRSV1><SONRS>",
        "<STATUS><CODE>0<SEVERITY>INFO</STATUS>",
        f"<DTSERVER>{_time(period.last_day, '220000')}",
        "<LANGUAGE>POR",
        "<FI><ORG>Banco Serra Clara SA<FID>999</FI>",
        "</SONRS></SIGNONMSGSRSV1>",
        "<BANKMSGSRSV1><STMTTRNRS>",
        "<TRNUID>1001",
        "<STATUS><CODE>0<SEVERITY>INFO</STATUS>",
        "<STMTRS>",
        f"<CURDEF>{account.currency}",
        f"<BANKACCTFROM><BANKID>{_BANK}<BRANCHID>{_BRANCH}<ACCTID>{account.number}<ACCTTYPE>CHECKING</BANKACCTFROM>",
        "<BANKTRANLIST>",
        f"<DTSTART>{_time(period.first_day, '100000')}",
        f"<DTEND>{_time(period.last_day, '100000')}",
        *(text for each in statement.listed for text in _entry(each)),
        "</BANKTRANLIST>",
        f"<LEDGERBAL><BALAMT>{_amount(statement.closing)}<DTASOF>{_time(period.last_day, '100000')}</LEDGERBAL>",
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1>",
        "</OFX>",
    ]
    return (_HEADER + "\n".join([*lines, ""])).replace("\n", "\r\n").encode("utf-8")


def _time(day: str, time: str) -> str:
    return f"{day.replace('-', '')}{time}[-3:BRT]"


def _amount(minor_units: int) -> str:
    return f"{'-' if minor_units < 0 else ''}{decimal(minor_units)}"


def _entry(each: Listed) -> Iterator[str]:
    line = each.line
    yield "<STMTTRN>"
    yield f"<TRNTYPE>{_kind(each)}"
    yield f"<DTPOSTED>{_time(line.day, '100000')}"
    yield f"<TRNAMT>{_amount(line.amount)}"
    yield f"<FITID>{each.id}"
    if line.check_number:
        yield f"<CHECKNUM>{line.check_number}"
    yield f"<MEMO>{line.bank_text}"
    yield "</STMTTRN>"


def _kind(each: Listed) -> str:
    if each.line.check_number:
        return "CHECK"
    return "DEBIT" if each.line.amount < 0 else "CREDIT"
