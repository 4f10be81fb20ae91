"""What an OFX entry says in words: description, counterparty and reference; and the days it names."""

import re
from datetime import date

from tieout.importers._ofx_markup import Aggregate

_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{2}){0,3}(?![0-9])", re.ASCII)
# Banks write 00010101 and the like where a day is missing.
_YEAR_MIN = 1900

_LONG_NUMBER = re.compile(r"[0-9]{4}", re.ASCII)
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT_THAT_COUNTS = re.compile(r"[1-9]", re.ASCII)
# NAME is the payee or the kind of the movement. Words that only tell the kind are no party: two different parties on
# two lines would keep them from being matched.
_KIND_WORDS = (
    "ATM CASH CHECK CHEQUE CREDIT CREDITO CRÉDITO DEBIT DEBITO DÉBITO DEPOSIT DEPOSITO DEPÓSITO DEP DIRECT DIRECTDEBIT "
    "DIRECTDEP DIV DIVIDEND FEE INT INTEREST OTHER PAYMENT PAGAMENTO PIX POS PRELEVEMENT PURCHASE REPEATPMT SRVCHG "
    "TARIFA TED TRANSFER TRANSFERENCIA TRANSFERÊNCIA VIREMENT WITHDRAWAL XFER"
)
_KINDS = frozenset(_KIND_WORDS.split())


def day_of(text: str) -> date | None:
    """The calendar day as written, in whatever time zone the text names; None where it names no day.

    Shapes: 20260531, 20260531120000, 20260531120000.000[-5:EST], 20260531[-3:BRT].
    """
    parts = _DAY.match(text)
    if parts is None or int(parts[1]) < _YEAR_MIN:
        return None
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        return None


def description_of(entry: Aggregate) -> str:
    """NAME and MEMO joined; the longer one alone where it says what the other says. NAME is cut at 32 characters."""
    name, memo = _name_of(entry), entry.leaf("MEMO").replace("\n", " ")
    if not name or not memo:
        return name or memo
    if _says(memo, name):
        return memo
    return name if _says(name, memo) else f"{name} {memo}"


def counterparty_of(entry: Aggregate) -> str:
    """PAYEE/NAME; else NAME where MEMO tells the rest and NAME is neither its beginning nor just a kind of movement."""
    payee = entry.first("PAYEE")
    stated = payee.leaf("NAME") if payee is not None else entry.leaf("PAYEE")
    if stated:
        return stated
    name, memo = _name_of(entry), entry.leaf("MEMO")
    if not memo or _says(memo, name) or _says(name, memo):
        return ""
    return name if _is_party(name) else ""


def counterparty_account_of(entry: Aggregate) -> str:
    """The account that the money went to or came from, as written without spaces."""
    account = entry.first("BANKACCTTO", "CCACCTTO")
    return "" if account is None else "".join(account.leaf("ACCTID").split())


def reference_of(entry: Aggregate) -> str:
    """REFNUM, else CHECKNUM, where it says something: not zeros, not words, not the bank's own id again."""
    for name in ("REFNUM", "CHECKNUM"):
        reference = entry.leaf(name)
        if _DIGIT_THAT_COUNTS.search(reference) and reference != entry.leaf("FITID"):
            return reference
    return ""


def _name_of(entry: Aggregate) -> str:
    return (entry.leaf("EXTDNAME") or entry.leaf("NAME")).replace("\n", " ")


def _is_party(name: str) -> bool:
    if _LONG_NUMBER.search(name) or not _LETTER.search(name):
        return False
    return any(word not in _KINDS for word in re.split(r"[\W\d_]+", name.upper()) if word)


def _says(longer: str, shorter: str) -> bool:
    """Whether a text begins with another, which may be cut in the middle of a word, or holds its words."""
    whole, part = " ".join(longer.casefold().split()), " ".join(shorter.casefold().split())
    return whole.startswith(part) or f" {part} " in f" {whole} "
