"""The payments inside one entry (TxDtls): their amounts for checking the entry, their texts for matching it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tieout.importers._camt_texts import Texts, account_written, own_text, reference_or_nothing
from tieout.importers._camt_xml import Element

_CONVERTED = ("TxAmt", "CntrValAmt", "InstdAmt")
_RATES = tuple(f"AmtDtls/{name}/CcyXchg/XchgRate" for name in (*_CONVERTED, "AnncdPstngAmt", "PrtryAmt"))
_RETURN_REASONS = ("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/RtrRsn/Cd", "RtrInf/RtrRsn/Prtry")


_NAMES = {
    role: tuple(
        f"RltdPties/{path}"
        for path in (
            f"{role}/Nm",
            f"{role}/Pty/Nm",
            f"{role}/Agt/FinInstnId/Nm",
            f"Ultmt{role}/Nm",
            f"Ultmt{role}/Pty/Nm",
        )
    )
    for role in ("Dbtr", "Cdtr")
}


class Party(NamedTuple):
    """Who paid or was paid; each text empty where the message says nothing."""

    name: str = ""
    account: str = ""


class Stated(NamedTuple):
    """An amount as written: unsigned decimal text, and its currency where one is named."""

    text: str
    currency: str


class DetailTexts(NamedTuple):
    """What a detail says beside its amount."""

    reference: str  # structured creditor reference, else end-to-end id
    remittance: tuple[str, ...]
    further: str
    debtor: Party
    creditor: Party
    native_id: str
    return_reason: str
    rate: str


class Detail(NamedTuple):
    """One payment inside an entry."""

    amounts: Sequence[Stated]  # its own first, then as booked, as converted, as instructed
    mark: str  # CRDT or DBIT; empty for that of its entry
    texts: DetailTexts | None  # None where only counting was asked for


def read_detail(element: Element, keep_texts: bool) -> Detail:
    """One TxDtls element."""
    amounts: list[Stated] = []
    mark = ""
    for child in element.iterchildren("{*}Amt", "{*}AmtDtls", "{*}CdtDbtInd"):
        if child.tag.endswith("Amt"):
            amounts.insert(0, read_amount(child))
        elif child.tag.endswith("AmtDtls"):
            amounts += converted_amounts(child)
        else:
            mark = own_text(child)
    return Detail(amounts, mark, _texts(Texts(element)) if keep_texts else None)


def converted_amounts(amount_details: Element | None) -> Iterator[Stated]:
    """The amounts in an AmtDtls element: as booked, as converted, as instructed."""
    if amount_details is not None:
        for name in _CONVERTED:
            amount = amount_details.find(f"{{*}}{name}/{{*}}Amt")
            if amount is not None:
                yield read_amount(amount)


def rate_of_entry(amount_details: Element | None) -> str:
    """The first exchange rate in the AmtDtls element of an entry, as written."""
    return Texts(amount_details).first(*(path.removeprefix("AmtDtls/") for path in _RATES))


def read_amount(amount: Element) -> Stated:
    """An Amt element."""
    return Stated(own_text(amount), amount.get("Ccy", "").strip())


def _texts(texts: Texts) -> DetailTexts:
    references = texts.all("RmtInf/Strd/CdtrRefInf/Ref") or texts.all("RmtInf/Strd/CdtrRefInf/CdtrRef")
    lone = references[0] if len(set(references)) == 1 else ""
    remittance = [
        *texts.all("RmtInf/Ustrd"),
        *([] if lone else references),
        *texts.all("RmtInf/Strd/AddtlRmtInf"),
        *texts.all("RmtInf/Strd/RfrdDocInf/Nb"),
    ]
    return DetailTexts(
        reference=lone or reference_or_nothing(texts.first("Refs/EndToEndId")),
        remittance=tuple(remittance),
        further=texts.first("AddtlTxInf"),
        debtor=_party(texts, "Dbtr"),
        creditor=_party(texts, "Cdtr"),
        native_id=reference_or_nothing(texts.first("Refs/AcctSvcrRef")),
        return_reason=texts.first(*_RETURN_REASONS),
        rate=texts.first(*_RATES),
    )


def _party(texts: Texts, role: str) -> Party:
    """The party of a role; where it has no name, the ultimate one behind it."""
    return Party(texts.first(*_NAMES[role]), account_written(texts, f"RltdPties/{role}Acct/Id"))
