"""The web shop: what two providers and a marketplace settled, tied, and waiting to be fetched by an ERP."""

from dataclasses import dataclass
from pathlib import Path

from tieout.domain.accounts import AccountKind
from tieout.domain.entry_facts import EntryFacts
from tieout.domain.people import Entity, Face, Principal
from tieout.kernel.money import decimal_text
from tieout.lab.office.doing import day, done
from tieout.lab.office.files import by_entity
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.intake import receive_document
from tieout.services.line_requests import LineRequest
from tieout.services.lines import enter_lines
from tieout.services.people.principals import principal_of_user
from tieout.services.settlements.analysing import analyse
from tieout.services.settlements.delivery import Fetch, unresolved
from tieout.services.settlements.integrations import assign_user, create_integration
from tieout.services.settlements.receiving import EntriesReceived, ReceivedEntry, receive_entries

# A hundred and five orders with their commission: two pages and a bit of the marketplace hub's API.
_ORDERS = 105
_MARKETPLACE = "Feira Vívida"
_BATCH, _PAID_OUT = "FV-2026-06-1", "2026-06-12"
# Commissions come without a sign that means anything: which they have follows from what ties the batch.
_COMMISSION_PERCENT = 15


@dataclass(frozen=True, slots=True)
class Settled:
    """What an ERP of the Brazilian entity has not fetched yet."""

    unread: int


def open_shop(
    context: Context, owner: Principal, folder: Path, norway: Entity, brazil: Entity, erp_user_id: int
) -> Settled:
    """Read the shop's orders, banks and provider reports, and the marketplace's settlements; tie what ties.

    folder: of the example company. erp_user_id: whose credentials the Brazilian ERP uses.
    """
    entities = {"NOK": norway.id, "EUR": norway.id, "BRL": brazil.id}
    orders = folder / "shop" / "orders.csv"
    for entity_id, content in by_entity(orders, entities).items():
        done(receive_document(context, owner, entity_id, orders.name, content, side="ledger"))
    for path in (folder / "shop" / "euro-2026-05.sta", folder / "providers" / "adyen-2026-05.csv"):
        done(receive_document(context, owner, norway.id, path.name, path.read_bytes()))
    for path in (folder / "shop" / "reais-2026-05.ofx", folder / "providers" / "mercadopago-2026-05.csv"):
        done(receive_document(context, owner, brazil.id, path.name, path.read_bytes()))
    _sell_on_marketplace(context, owner, brazil.id)
    for entity in (norway, brazil):
        done(analyse(context, owner, entity.id))
    integration = done(create_integration(context, owner, brazil.id, "webshop ERP"))
    done(assign_user(context, owner, brazil.id, integration.id, erp_user_id))
    acting = principal_of_user(context, erp_user_id, Face.KONCILI)
    assert acting is not None, "the user was just made"
    return Settled(done(unresolved(context, acting, integration, Fetch())).total)


def _sell_on_marketplace(context: Context, owner: Principal, entity_id: int) -> None:
    """Orders of June on a marketplace, most of them in the books, and its settlement with values as it writes them."""
    request = AccountRequest(kind=AccountKind.PROVIDER, name=_MARKETPLACE, currency="BRL")
    account = done(open_account(context, owner, entity_id, request))
    amounts = [4_990 + 730 * (number % 9) for number in range(_ORDERS)]
    codes = [f"FV-{70_001 + number}" for number in range(_ORDERS)]
    booked = [
        LineRequest(
            side="ledger",
            kind="order",
            account_id=0,
            currency="BRL",
            minor_units=amount,
            booking_day=day("2026-06-02"),
            reference=code,
            description=_MARKETPLACE,
        )
        for code, amount in zip(codes, amounts, strict=True)
        # Every twentieth order is not in the books yet: somebody has to find out why.
        if int(code[-2:]) % 20
    ]
    done(enter_lines(context, owner, entity_id, booked))
    entries = [
        entry
        for number, (code, amount) in enumerate(zip(codes, amounts, strict=True))
        for entry in _settled(str(900_001 + 2 * number), str(900_002 + 2 * number), code, amount)
    ]
    paid_out = sum(amount - _commission(amount) for amount in amounts)
    received = EntriesReceived(
        account_id=account.id,
        batch_number=_BATCH,
        entries=entries,
        payout_minor_units=paid_out,
        payout_day=day(_PAID_OUT),
    )
    done(receive_entries(context, owner, entity_id, received))


def _commission(amount: int) -> int:
    return amount * _COMMISSION_PERCENT // 100


def _settled(sale_id: str, commission_id: str, code: str, amount: int) -> tuple[ReceivedEntry, ReceivedEntry]:
    """What a marketplace says of one order: the sale and its commission, both without a sign."""
    return (
        _entry(sale_id, "sale", "SALE", code, amount, amount),
        _entry(commission_id, "fee", "COMISSION", code, _commission(amount), amount),
    )


def _entry(native_id: str, kind: str, entry_type: str, code: str, value: int, original: int) -> ReceivedEntry:
    facts = EntryFacts(
        entry_type=entry_type,
        received=decimal_text(value, 2),
        order_code=code,
        channel=_MARKETPLACE,
        original_minor_units=original,
        plot_number=1,
        plots_quantity=1,
    )
    return ReceivedEntry(native_id=native_id, kind=kind, day=day(_PAID_OUT), facts=facts)
