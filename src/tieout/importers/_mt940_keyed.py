"""Remittance text with keys between slashes: `/EREF/2026-17/NAME/NORDIC AS/REMI/Invoice 17`.

A key may stand without a value, and values may hold slashes of their own, so only known keys divide the text.
Source: format descriptions of Dutch banks for structured MT940, fields 61 and 86.
"""

import re

from tieout.importers._mt940_lines import decimal_text_of
from tieout.importers._mt940_remittance import Remittance, all_of, amount_of, given

_KEY = re.compile(
    r"/(ADDR|BBAN|BENM|BIC|CHGS|CNTP|CREF|CSID|EREF|EXCH|IBAN|IREF|ISDT|KREF|MARF|MREF|NAME|OCMT|ORDP|PREF|PURP|REMI"
    r"|RREF|RTRN|SVCL|TRCD|TRTP|ULTB|ULTC|ULTD)(?=/)"
)
_PARTIES = frozenset({"ORDP", "BENM"})
_ULTIMATE_PARTIES = frozenset({"ULTB", "ULTC", "ULTD"})
_UNSTRUCTURED = re.compile(r"USTD/+")
_CREDITOR_REFERENCE = re.compile(r"STRD/+(?:[A-Z]{3,4}/+)*(.+)")
_ACCOUNT = re.compile(r"[A-Z0-9]{8,34}", re.ASCII)


def keyed(line: str) -> Remittance | None:
    """What a text with slash keys says, its lines joined; None when it has none."""
    if not (line.startswith("/") or "/REMI/" in line or "/EREF/" in line):
        return None
    first = _KEY.search(line)
    if first is None:
        return None
    values = _values(line)
    account, name, behind_party = _party(values)
    text, creditor_reference = _remittance_text(values)
    original, _, behind = values.get("OCMT", "").partition("/")
    currency, amount = amount_of(original)
    charges = f"CHGS {values['CHGS']}" if "CHGS" in values else ""
    return Remittance(
        description=all_of((line[: first.start()], behind_party, text, behind, charges)) or values.get("TRTP", ""),
        reference=given(values.get("EREF", "")) or given(values.get("KREF", "")) or creditor_reference,
        counterparty=name,
        counterparty_account=account.replace(" ", ""),
        batch=values.get("PREF", ""),
        return_reason=values.get("RTRN", ""),
        original_amount=amount,
        original_currency=currency,
        rate=decimal_text_of(values.get("EXCH", "")) or "",
    )


def _values(line: str) -> dict[str, str]:
    """The first value of each key that has one; names of ultimate parties are left out."""
    _, *found = _KEY.split(line)
    values: dict[str, str] = {}
    party = ""
    for key, written in zip(found[0::2], found[1::2], strict=True):
        party = key if key in _PARTIES or key in _ULTIMATE_PARTIES else party
        value = written[1:].rstrip(" /")
        if value and key not in values and not (key == "NAME" and party in _ULTIMATE_PARTIES):
            values[key] = value
    return values


def _party(values: dict[str, str]) -> tuple[str, str, str]:
    """Account and name of the other party, and the text that stands behind them."""
    account, name = values.get("IBAN") or values.get("BBAN") or "", values.get("NAME", "")
    if "CNTP" in values:
        account, _, name, *_ = [*values["CNTP"].split("/"), "", ""]
        return account, name.strip(), ""
    first, _, behind = (values.get("BENM") or values.get("ORDP") or "").partition("/")
    if not _ACCOUNT.fullmatch(first):
        return account, name or first, behind if first else ""
    second, _, behind = behind.partition("/")
    return account or first, name or second, behind


def _remittance_text(values: dict[str, str]) -> tuple[str, str]:
    """The text of REMI without its codes, and the creditor reference where it is one."""
    text = values.get("REMI", "").lstrip(" /")
    structured = _CREDITOR_REFERENCE.match(text)
    if structured is not None:
        return structured[1], structured[1]
    return _UNSTRUCTURED.sub("", text, count=1), ""
