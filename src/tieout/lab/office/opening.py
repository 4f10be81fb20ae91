"""Opens the whole office: people, books, open work, and what a client of each API needs to know."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from tieout.domain.people import Face
from tieout.kernel.dates import day_text
from tieout.kernel.money import decimal_text
from tieout.lab.office.britain import NextPeriod, keep_books
from tieout.lab.office.doing import done
from tieout.lab.office.files import read_company
from tieout.lab.office.june import JournalWork, OpenWork, bank_account, owe, sell, sell_abroad
from tieout.lab.office.ledger import connect_ledger
from tieout.lab.office.people import People, Person, hire
from tieout.lab.office.shop import Settled, open_shop
from tieout.services.context import Context
from tieout.services.people.api_clients import create_client
from tieout.services.people.tokens import issue_token

# How KashFlow numbers what a transaction is; the demo's next period holds these kinds.
_TYPES = {"bank_entry": 0, "customer_payment": 1, "supplier_payment": 2}


def open_office(context: Context, company: Path, ledger: Path, base_url: str) -> dict[str, Any]:
    """Fill a store with the example company; returns what the credentials file says.

    company: the folder with the company's bank and books. ledger: a folder that is not there yet, where its own
    accounting will stand. Amounts that a vendor writes as numbers are decimals.
    """
    people = hire(context)
    owner = people.owner_acts
    read_company(context, owner, company, {"NOK": people.norway.id, "BRL": people.brazil.id})
    settled = open_shop(context, owner, company, people.norway, people.brazil, people.webshop_erp.user.id)
    connect_ledger(context, owner, company, people.norway, ledger)
    kroner = bank_account(context, owner, people.norway.id, "NOK")
    euro = bank_account(context, owner, people.norway.id, "EUR")
    norwegian = owe(context, owner, kroner)
    owe(context, owner, bank_account(context, owner, people.brazil.id, "BRL"))
    sale, abroad = sell(context, owner, kroner), sell_abroad(context, owner, euro)
    british = keep_books(context, owner, people.britain.id)
    return {
        "base_url": base_url,
        "native": {"base_url": f"{base_url}/tieout/v1", "token": _token(context, people, Face.NATIVE)},
        "koncili": _koncili(people, base_url, settled),
        "fintera": _fintera(context, people, base_url, norwegian),
        "kashflow": _kashflow(people, base_url, british),
        "snapbooks": _snapbooks(context, people, base_url, sale, abroad),
        "monite": _monite(context, people, base_url),
    }


def _koncili(people: People, base_url: str, settled: Settled) -> dict[str, Any]:
    signing_in = _sign_in(people.webshop_erp)
    return {
        "base_url": base_url,
        "email": signing_in["username"],
        "password": signing_in["password"],
        "unread": settled.unread,
    }


def _monite(context: Context, people: People, base_url: str) -> dict[str, Any]:
    issued = done(create_client(context, people.owner_acts, "tieout demo"))
    return {
        "base_url": f"{base_url}/v1",
        "version": "2024-05-25",
        "client_id": issued.client.public_id,
        "client_secret": issued.secret,
        "entity_id": people.norway.public_id,
        "second_entity_id": people.britain.public_id,
    }


def _token(context: Context, people: People, face: Face, *entities: int) -> str:
    owner = people.owner
    wanted = entities or (people.norway.id, people.brazil.id, people.britain.id)
    issued = issue_token(
        context, people.owner_acts, owner.user.id, face, entities=wanted, post=True, label="tieout demo"
    )
    return done(issued).text


def _fintera(context: Context, people: People, base_url: str, work: OpenWork) -> dict[str, Any]:
    return {
        "base_url": base_url,
        "token": _token(context, people, Face.FINTERA, people.norway.id, people.brazil.id),
        "entity_id": people.norway.id,
        "deposit_account_id": work.account.id,
        "other_entity_id": people.brazil.id,
        "payable_account_ids": [line.id for line in work.payables],
        "receivable_account_ids": [line.id for line in work.receivables],
        "financial_transaction_ids": [line.id for line in work.transactions],
        "reconcilable": {
            "financial_account_ids": [line.id for line in work.paid_payables],
            "financial_transaction_ids": [line.id for line in work.debits],
        },
    }


def _kashflow(people: People, base_url: str, period: NextPeriod) -> dict[str, Any]:
    return {
        "base_url": f"{base_url}/v2",
        **_sign_in(people.british_owner),
        "bank_account_id": period.account.id,
        "limited": _sign_in(people.bookkeeper),
        "next": {
            "EndDate": day_text(period.end_day),
            "EndBalance": Decimal(decimal_text(period.end_minor_units, 2)),
            "items": [{"Id": line.id, "Type": _TYPES[line.kind]} for line in period.lines],
        },
    }


def _sign_in(person: Person) -> dict[str, str]:
    return {
        "username": person.user.email,
        "password": person.password,
        "memorable_word": person.memorable_word,
    }


def _snapbooks(
    context: Context, people: People, base_url: str, sale: JournalWork, abroad: JournalWork
) -> dict[str, Any]:
    return {
        "base_url": f"{base_url}/api/v2",
        "token": _token(context, people, Face.SNAPBOOKS, people.norway.id),
        "client_account_id": people.norway.id,
        "journal_entry_line_id": sale.entry_line.id,
        "bank_transaction_id": sale.transaction.id,
        "foreign": {
            "journal_entry_line_id": abroad.entry_line.id,
            "bank_transaction_id": abroad.transaction.id,
            "currency_code": abroad.transaction.currency,
            "exchange_rate": abroad.entry_line.rate,
        },
    }
