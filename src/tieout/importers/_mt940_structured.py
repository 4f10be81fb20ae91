"""Remittance text in numbered subfields: `166?00BOOKING TEXT?20REMITTANCE?32NAME`, and the German field NS.

The separator is whatever the bank chooses; a business code of three digits stands before it. Subfields are cut at 27
characters, in the middle of a word or of a key.
Source: German banking industry, format standards (Anlage 3), field 86.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from tieout.importers._mt940_remittance import (
    Remittance,
    sepa_description,
    sepa_original_amount,
    sepa_reference,
    sepa_values,
)

_SUBFIELD_LENGTH = 27
_STRUCTURED = re.compile(r"\s*([0-9]{3})?([^\w\s/.,:;()'\"+-])(?=00|10|[26][0-9]|3[0-8])", re.ASCII)
_BEGINS_WITH_KEY = re.compile(r"(?:ABWA|ABWE|COAM|CRED|DEBT|EREF|KREF|MREF|OAMT|PURP|RTRN|SVWZ)\+|MTLG:")
_NUMBERED_LINE = re.compile(r"^([0-9]{2})(.*)", re.ASCII | re.MULTILINE)

# Business codes of returned debits and transfers: there ?34 is the reason of the return.
_RETURNS = frozenset({"108", "109", "159", "181", "184"})
_RETURN_REASON = re.compile(r"9[0-9]{2}", re.ASCII)


def structured(line: str) -> Remittance | None:
    """What a structured text says, its lines joined; None when it is not structured."""
    found = _STRUCTURED.match(line)
    if found is None or not (found[1] or found[2] == "?"):
        return None
    subfields = _subfields_at(found[2]).split(line)
    texts: list[str] = []
    names: list[str] = []
    others: dict[str, str] = {}
    for code, value in zip(subfields[1::2], subfields[2::2], strict=True):
        if code[0] == "2" or "60" <= code <= "63":
            texts.append(value)
        elif code in ("32", "33"):
            names.append(value)
        else:
            others[code] = value.strip()
    values = sepa_values(_pieced(texts))
    currency, amount = sepa_original_amount(values)
    account = others.get("38") or others.get("31") or values.get("IBAN", "")
    return Remittance(
        description=sepa_description(values) or others.get("00", ""),
        reference=sepa_reference(values),
        counterparty=_pieced(names) or values.get("ABWA", "") or values.get("ABWE", ""),
        counterparty_account=account.replace(" ", ""),
        return_reason=values.get("RTRN", "") or _return_reason(found[1], others.get("34", "")),
        original_amount=amount,
        original_currency=currency,
    )


def non_swift(text: str) -> Remittance:
    """What a field NS says: a line each for text (01 to 14), name (15, 16) and booking text (17)."""
    lines = _NUMBERED_LINE.findall(text)
    values = sepa_values(_pieced([value for code, value in lines if "01" <= code <= "14"]))
    booking_text = " ".join(value.strip() for code, value in lines if code == "17")
    return Remittance(
        description=sepa_description(values) or booking_text,
        reference=sepa_reference(values),
        counterparty=_pieced([value for code, value in lines if code in ("15", "16")]),
    )


@lru_cache(maxsize=32)
def _subfields_at(separator: str) -> re.Pattern[str]:
    return re.compile(re.escape(separator) + "([0-9]{2})", re.ASCII)


def _return_reason(business_code: str | None, supplement: str) -> str:
    if business_code in _RETURNS and _RETURN_REASON.fullmatch(supplement):
        return supplement
    return ""


def _pieced(subfields: Sequence[str]) -> str:
    """Subfields as one text: a full one goes on in the next, a shorter one ended with its word."""
    pieces: list[str] = []
    is_full = True
    for subfield in subfields:
        if pieces and (not is_full or _BEGINS_WITH_KEY.match(subfield)):
            pieces[-1] = pieces[-1].rstrip()
            pieces += (" ", subfield.lstrip())
        else:
            pieces.append(subfield)
        is_full = len(subfield) >= _SUBFIELD_LENGTH
    return "".join(pieces).strip()
