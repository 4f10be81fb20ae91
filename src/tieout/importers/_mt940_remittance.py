"""What the remittance text of an entry can say, and the parts that its layouts share: lines and SEPA keys.

Lines are cut at their length, in the middle of a word or of a key, so they are joined before a key is looked for.
Source: German banking industry, format standards (Anlage 3), field 86; files of banks for what they leave out.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from tieout.importers._mt940_fields import LINE_LENGTH, TAG_LENGTH
from tieout.importers._mt940_lines import decimal_text_of

_SEPA_CURRENCY = "EUR"

_NEXT_SUBFIELD = re.compile(r"[?>~&][0-9]{2}", re.ASCII)
_SUBFIELD_GOES_ON = re.compile(r"[?>~&][0-9]?\Z", re.ASCII)
_SEPA_KEY = re.compile(
    r"(?<![A-Z0-9])(MTLG(?=:)|(?:ABWA|ABWE|BIC|BREF|COAM|CRED|DEBT|EREF|IBAN|KREF|MREF|OAMT|PURP|RREF|RTRN|SQTP|SVWZ)"
    r"(?=\+))[+:]"
)
_AMOUNT = re.compile(r"([A-Z]{3})? ?([0-9.,]+)", re.ASCII)
_NO_REFERENCE = frozenset(
    {"N", "NONREF", "NOREF", "NOTPROVIDED", "NOT PROVIDED", "EREF", "EREF+", "KREF", "KREF+", "MARF", "MREF", "PREF"}
)


class Remittance(NamedTuple):
    """The texts of an entry, each empty where the bank says nothing."""

    description: str = ""
    reference: str = ""
    counterparty: str = ""
    counterparty_account: str = ""
    batch: str = ""
    return_reason: str = ""
    original_amount: str = ""  # plain decimal text
    original_currency: str = ""
    rate: str = ""  # exact decimal text


def joined(text: str) -> str:
    """Lines of text as one: directly where a line is full, else with a blank between.

    A first line counts as full also when it is full together with its tag. Longer lines are of banks that do not wrap.
    """
    if "\n" not in text:
        return text.strip()
    first, *others = text.split("\n")
    result = first.rstrip()
    is_full = len(result) in (0, LINE_LENGTH - TAG_LENGTH, LINE_LENGTH)
    for written in others:
        line = written.rstrip()
        if line and not is_full and not _goes_on(result, line):
            result += " "
        result += line
        is_full = len(line) == LINE_LENGTH
    return result.strip()


def _goes_on(before: str, line: str) -> bool:
    return line[0] in " /" or bool(_NEXT_SUBFIELD.match(line) or _SUBFIELD_GOES_ON.search(before[-2:]))


def sepa_values(text: str) -> dict[str, str]:
    """The values of keys such as EREF+ inside a text by key, the first of each; under "" what stands before any."""
    first, *found = _SEPA_KEY.split(text)
    values = {"": first.strip()}
    for key, value in zip(found[0::2], found[1::2], strict=True):
        if key not in values:
            values[key] = value.strip()
    return values


def sepa_description(values: dict[str, str]) -> str:
    """The remittance text among the values of SEPA keys: what stands before any key, and what SVWZ+ and MTLG: say."""
    if len(values) == 1:
        return values[""]
    return all_of((values[""], values.get("SVWZ", ""), values.get("MTLG", "")))


def sepa_reference(values: dict[str, str]) -> str:
    """The end-to-end reference among the values of SEPA keys, else the customer's."""
    return given(values.get("EREF", "")) or given(values.get("KREF", ""))


def sepa_original_amount(values: dict[str, str]) -> tuple[str, str]:
    """Currency and plain decimal text of the amount that a returned debit had; SEPA amounts are in euro."""
    amount = amount_of(values["OAMT"])[1] if "OAMT" in values else ""
    return (_SEPA_CURRENCY, amount) if amount else ("", "")


def given(reference: str) -> str:
    """The reference, or nothing where the bank writes that there is none or that it stands elsewhere."""
    return "" if reference in _NO_REFERENCE else reference


def amount_of(text: str) -> tuple[str, str]:
    """Currency and plain decimal text of `EUR11,85`; both empty where there is no amount."""
    found = _AMOUNT.match(text)
    amount = decimal_text_of(found[2]) if found else None
    return (found[1] or "", amount) if found and amount else ("", "")


def all_of(texts: Iterable[str]) -> str:
    """The texts that say something, trimmed, with a blank between."""
    return " ".join(text.strip() for text in texts if text.strip())
