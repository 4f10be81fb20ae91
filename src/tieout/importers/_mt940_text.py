"""The texts of an entry from field 86 and from the free parts of field 61, whatever layout the bank uses."""

import re

from tieout.importers._mt940_keyed import keyed
from tieout.importers._mt940_lines import EntryLine
from tieout.importers._mt940_remittance import (
    Remittance,
    given,
    joined,
    sepa_description,
    sepa_original_amount,
    sepa_reference,
    sepa_values,
)
from tieout.importers._mt940_structured import non_swift, structured

# RF and two digits begin a creditor reference (ISO 11649), not an account.
_IBAN_TEXT = r"(?!RF)[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}"
_IBAN = re.compile(_IBAN_TEXT, re.ASCII)
_ACCOUNT = re.compile(rf"{_IBAN_TEXT}|P?[0-9]{{9,10}}", re.ASCII)
_FIRST_ACCOUNT = re.compile(rf"({_IBAN_TEXT})\b", re.ASCII)
_LABELLED_ACCOUNT = re.compile(rf"\b(?:IBAN|REK)\.?: ?({_IBAN_TEXT})\b", re.ASCII)
_LABELLED_NAME = re.compile(r"\bNAAM: ?(.+?)(?= [A-Z]{4,}:|\Z)")
_REFERENCE_THEN_NAME = re.compile(r"(\S{1,16}) {2,}(\S.*)")


def texts_of(entry: EntryLine, remittance_text: str, non_swift_text: str) -> Remittance:
    """What an entry says of itself.

    remittance_text: the text of field 86, or of several joined by line ends; empty where the entry has none.
    non_swift_text: the text of field NS, in its place at some German banks.
    """
    said = non_swift(non_swift_text) if non_swift_text and not remittance_text else read_text(remittance_text)
    return _with_supplement(_with_reference(said, entry), entry)


def read_text(text: str) -> Remittance:
    """What the text of field 86 says, structured, with keys or free."""
    line = joined(text)
    return structured(line) or keyed(line) or _free(line)


def _free(line: str) -> Remittance:
    values = sepa_values(line)
    account = _FIRST_ACCOUNT.match(line) or (_LABELLED_ACCOUNT.search(line) if ":" in line else None)
    name = _LABELLED_NAME.search(line) if "NAAM:" in line else None
    currency, amount = sepa_original_amount(values)
    return Remittance(
        description=sepa_description(values),
        reference=sepa_reference(values),
        counterparty=values.get("ABWA", "") or values.get("ABWE", "") or (name[1] if name else ""),
        counterparty_account=values.get("IBAN", "").replace(" ", "") or (account[1] if account else ""),
        return_reason=values.get("RTRN", ""),
        original_amount=amount,
        original_currency=currency,
    )


def _with_reference(said: Remittance, entry: EntryLine) -> Remittance:
    """Some banks write the account of the other party where the reference belongs, and its name behind it."""
    reference, name = entry.customer_reference, ""
    if not given(reference):
        return said
    apart = _REFERENCE_THEN_NAME.fullmatch(reference)
    if apart is not None:
        reference, name = apart.groups()
    elif entry.supplement and said.description.startswith(f"{reference} {entry.supplement}"):
        name = entry.supplement
    if _IBAN.fullmatch(reference) or (name and _ACCOUNT.fullmatch(reference)):
        said = said._replace(counterparty_account=said.counterparty_account or reference)
        reference = ""
    return said._replace(reference=said.reference or given(reference), counterparty=said.counterparty or name)


def _with_supplement(said: Remittance, entry: EntryLine) -> Remittance:
    if not entry.supplement:
        return said
    text = joined(entry.supplement)
    if text.casefold() in said.description.casefold():
        return said
    if _ACCOUNT.fullmatch(text):
        return said if said.counterparty_account or not text.strip("0P") else said._replace(counterparty_account=text)
    more = keyed(text)
    if more is None:
        return said._replace(description=f"{said.description} {text}".strip())
    return Remittance(
        f"{said.description} {more.description}".strip(),
        *(stated or added for stated, added in zip(said[1:], more[1:], strict=True)),
    )
