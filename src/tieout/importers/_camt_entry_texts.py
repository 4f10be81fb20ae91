"""What an entry says beside its amount and dates: who, why, under which references."""

from collections.abc import Iterable, Sequence

from tieout.domain.statements import EntryDetail, StatementEntry
from tieout.importers._camt_details import Detail, DetailTexts, Party, Stated, converted_amounts, rate_of_entry
from tieout.importers._camt_pages import Page
from tieout.importers._camt_texts import Texts, own_text, plain_decimal, rate_written, reference_or_nothing
from tieout.importers._camt_xml import Element
from tieout.kernel.money import NotAnAmount


def with_texts(
    entry: StatementEntry,
    sign: int,
    children: dict[str, Element],
    details: Sequence[Detail],
    detail_amounts: Sequence[int | None],
    page: Page,
) -> StatementEntry:
    """The entry with its texts. What the details of a batch do not share stays with the details.

    sign: 1 for money in, -1 for money out, also where the amount is zero. children: of Ntry, by local name.
    detail_amounts: signed, in the account's currency.
    """
    texts = [detail.texts for detail in details if detail.texts is not None]
    parties = [_other_party(each, sign, page.account) for each in texts]
    entry = entry._replace(
        reference=_shared(each.reference for each in texts),
        counterparty=_shared(party.name for party in parties),
        counterparty_account=_shared(party.account for party in parties),
        description=_description(children, texts),
        native_id=_native_id(children, texts),
        batch=_batch(children),
        return_reason=next((each.return_reason for each in texts if each.return_reason), ""),
        details=_kept_details(entry, texts, parties, detail_amounts),
    )
    return _with_original(entry, children, details, page)


def _other_party(texts: DetailTexts, sign: int, account: str | None) -> Party:
    """The debtor of a credit, the creditor of a debit; the other one where that is the account's own holder.

    A returned payment names its parties as the first payment did, so that its debtor is the holder himself.
    """
    expected, opposite = (texts.debtor, texts.creditor) if sign > 0 else (texts.creditor, texts.debtor)
    is_holder = bool(account) and expected.account == account and opposite.account != account
    return opposite if is_holder else expected


def _shared(texts: Iterable[str]) -> str:
    """The one text that all have; empty where they differ or there is none."""
    different = set(texts)
    return different.pop() if len(different) == 1 else ""


def _description(children: dict[str, Element], texts: Sequence[DetailTexts]) -> str:
    """The whole remittance text, each part once; where there is none, what the bank adds about the entry."""
    parts = [part for each in texts for part in each.remittance]
    if not parts:
        parts = [*(each.further for each in texts), own_text(children.get("AddtlNtryInf"))]
    return " ".join(dict.fromkeys(part for part in parts if part))


def _native_id(children: dict[str, Element], texts: Sequence[DetailTexts]) -> str:
    by_bank = reference_or_nothing(own_text(children.get("AcctSvcrRef"))) or _shared(each.native_id for each in texts)
    return by_bank or reference_or_nothing(own_text(children.get("NtryRef")))


def _batch(children: dict[str, Element]) -> str:
    batch, details = children.get("Btch"), children.get("NtryDtls")
    if batch is None and details is not None:
        batch = details.find("{*}Btch")
    if batch is None:
        return ""
    texts = Texts(batch)
    return reference_or_nothing(texts.first("PmtInfId")) or reference_or_nothing(texts.first("MsgId"))


def _with_original(
    entry: StatementEntry, children: dict[str, Element], details: Sequence[Detail], page: Page
) -> StatementEntry:
    """The amount before the bank converted it, as instructed if that is said, without a sign as the bank writes it."""
    amount_details = children.get("AmtDtls")
    stated, rate = _foreign([*converted_amounts(amount_details)], page), ""
    if stated is not None:
        rate = rate_of_entry(amount_details)
    elif len(details) == 1 and details[0].texts is not None:
        stated, rate = _foreign(details[0].amounts, page), details[0].texts.rate
    if stated is None:
        return entry
    try:
        amount = plain_decimal(stated.text)
    except NotAnAmount:
        amount = ""
    return entry._replace(original_amount=amount, original_currency=stated.currency, rate=rate_written(rate))


def _foreign(amounts: Sequence[Stated], page: Page) -> Stated | None:
    own = page.builder().currency
    return next((each for each in reversed(amounts) if each.currency and own and each.currency != own), None)


def _kept_details(
    entry: StatementEntry, texts: Sequence[DetailTexts], parties: Sequence[Party], amounts: Sequence[int | None]
) -> tuple[EntryDetail, ...]:
    """The payments of a batch; a lone detail only where it says another amount than its entry."""
    if len(texts) == 1 and amounts[0] in (None, entry.minor_units):
        return ()
    return tuple(
        EntryDetail(amount, each.reference, party.name, party.account, " ".join(each.remittance) or each.further)
        for each, party, amount in zip(texts, parties, amounts, strict=True)
    )
