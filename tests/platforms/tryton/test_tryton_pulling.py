"""What is read of a company in Tryton, and how what changes there is noticed."""

from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from tests.conformance.platforms import pulled_all
from tests.platforms.tryton.desk import behind_its_back, decimal
from tests.platforms.tryton.given import delete_an_entry, edit_an_entry
from tests.platforms.tryton.office import (
    BANK,
    COMPANY,
    DUE,
    RECEIVABLE,
    SALES,
    TAX,
    Office,
    entry,
    invoice,
)
from tests.platforms.tryton.pushing import pulled
from tieout.contracts.platform import Business, PlatformFault, PlatformSession
from tieout.platforms import tryton

pytestmark = pytest.mark.slow

_numbers = count(1)


def test_the_books_are_those_of_the_company_in_its_currency(session: PlatformSession) -> None:
    assert session.business() == Business(COMPANY, COMPANY, "NOK", "", "company")


def test_an_account_says_what_it_is_and_which_one_the_bank_keeps(place: Office, session: PlatformSession) -> None:
    accounts = {each.content["nominal_code"]: each for each in pulled_all(session, "ledger_account")[0]}

    kinds = {code: (each.content["type"], each.content["is_bank_account"]) for code, each in accounts.items()}
    assert kinds == {
        "1500": ("asset", False),
        "1920": ("asset", True),
        "1940": ("asset", False),
        "2400": ("liability", False),
        "2700": ("liability", False),
        "3000": ("income", False),
        "4000": ("expense", False),
    }
    assert accounts[BANK].platform_object_id == str(place.accounts[BANK])
    assert accounts[BANK].content["status"] == "active"


def test_a_tax_says_whether_it_is_for_sales_or_purchases(place: Office, session: PlatformSession) -> None:
    taxes = {each.platform_object_id: each.content for each in pulled_all(session, "tax_rate")[0]}

    assert taxes[str(place.sales_tax)] == {
        "code": "VAT 25 sale",
        "name": "VAT 25 % sale",
        "status": "active",
        "direction": "sales",
        "effective_tax_rate": 2500,
        "total_tax_rate": 2500,
        "components": [{"name": "VAT 25 sale", "rate": 2500, "is_compound": False}],
    }
    assert taxes[str(place.purchase_tax)]["direction"] == "purchases"


def test_a_tax_of_several_parts_and_one_that_is_out_of_use_are_told(place: Office, session: PlatformSession) -> None:
    account = place.accounts[TAX]
    kept = {"company": place.company_id, "invoice_account": account, "credit_note_account": account}
    parts = [
        {"name": name, "description": name, "type": "percentage", "rate": decimal(rate), **kept}
        for name, rate in (("Federal", "0.05"), ("Provincial", "0.09975"))
    ]
    whole = place.desk.make(
        "account.tax",
        name="Both",
        description="Both",
        type="none",
        company=place.company_id,
        childs=[["create", parts]],
    )
    place.desk.change("account.tax", whole, active=False)

    (told,) = [each.content for each in pulled_all(session, "tax_rate")[0] if each.platform_object_id == str(whole)]

    assert (told["status"], told["effective_tax_rate"]) == ("inactive", 1498)
    assert [(part["name"], part["rate"]) for part in told["components"]] == [("Federal", 500), ("Provincial", 998)]


def test_a_tax_of_a_fixed_amount_has_no_rate_and_is_none_of_ours(place: Office, session: PlatformSession) -> None:
    account = place.accounts[TAX]
    place.desk.make(
        "account.tax",
        name="Bottle deposit",
        description="Bottle deposit",
        type="fixed",
        amount=decimal("2.00"),
        company=place.company_id,
        invoice_account=account,
        credit_note_account=account,
    )

    told = [each.content["name"] for each in pulled_all(session, "tax_rate")[0]]

    assert "Bottle deposit" not in told
    assert "VAT 25 % sale" in told


def test_the_tax_of_an_invoice_is_divided_among_its_lines_to_the_last_cent(
    place: Office, session: PlatformSession
) -> None:
    owed = invoice(place, "out", "2026-10-05", "0.10", "", *["0.10"] * 6, tax=place.sales_tax)

    content = pulled(session, "receivable", owed).content

    assert (content["tax"], content["total"]) == ("0.18", "0.88")
    taxes = [line["tax_amount"] for line in content["lines"]]
    assert taxes == ["0.03", "0.02", "0.03", "0.02", "0.03", "0.02", "0.03"]


def test_an_invoice_in_another_currency_is_told_in_that_currency(place: Office, session: PlatformSession) -> None:
    (euro,) = place.desk.ids("currency.currency", ["code", "=", "EUR"])

    owed = invoice(place, "out", "2026-10-05", "50.00", "", currency=euro)

    content = pulled(session, "receivable", owed).content
    assert (content["currency"], content["total"]) == ("EUR", "50.00")
    assert content["instalments"] == [{"due_date": DUE, "amount": "50.00"}]
    (line,) = [each for each in _lines(session, place, owed) if each["account"] == RECEIVABLE]
    assert (line["currency"], line["amount"]) == ("NOK", "500.00")


def test_a_credit_note_is_negative_and_what_it_asks_for_too(place: Office, session: PlatformSession) -> None:
    credited = invoice(place, "out", "2026-10-05", "-30.00", "")

    content = pulled(session, "receivable", credited).content

    assert (content["total"], content["instalments"]) == ("-30.00", [{"due_date": DUE, "amount": "-30.00"}])


def test_a_draft_is_in_nobodys_books(place: Office, session: PlatformSession) -> None:
    _, cursor = pulled_all(session, "receivable")

    drafted = invoice(place, "out", "2026-10-05", "10.00", "", posted=False)

    assert pulled_all(session, "receivable", cursor)[0] == []
    assert str(drafted) not in session.ids("receivable", "2026-10")


def test_what_is_posted_after_the_cursor_comes_behind_it_with_its_lines(
    place: Office, session: PlatformSession
) -> None:
    drafted = invoice(place, "out", "2026-10-05", "10.00", "", posted=False)
    _, receivables = pulled_all(session, "receivable")
    _, lines = pulled_all(session, "journal_line")

    place.desk.post("account.invoice", drafted)

    assert [each.platform_object_id for each in pulled_all(session, "receivable", receivables)[0]] == [str(drafted)]
    amounts = {
        each.content["account"]: each.content["amount"] for each in pulled_all(session, "journal_line", lines)[0]
    }
    assert amounts == {RECEIVABLE: "10.00", SALES: "-10.00"}


def test_a_due_day_that_is_put_off_brings_its_invoice_back(place: Office, session: PlatformSession) -> None:
    _, cursor = pulled_all(session, "receivable")

    edit_an_entry(place)

    (changed,), behind = pulled_all(session, "receivable", cursor)
    assert pulled_all(session, "receivable", behind) == ([], behind)
    assert changed.content["issue_date"] == "2026-08-03"
    assert changed.content["instalments"][0]["due_date"] > DUE


def test_an_account_that_is_closed_comes_back_out_of_use(place: Office, session: PlatformSession) -> None:
    kind = place.desk.make("account.account.type", name="Old", statement="income", company=place.company_id)
    old = place.desk.make("account.account", name="Old", code=None, company=place.company_id, type=kind)
    _, cursor = pulled_all(session, "ledger_account")

    place.desk.change("account.account", old, closed=True)

    (told,) = pulled_all(session, "ledger_account", cursor)[0]
    assert (told.platform_object_id, told.content["status"], told.content["nominal_code"]) == (
        str(old),
        "inactive",
        None,
    )
    place.desk.call("model.account.account.delete", [old])


def test_a_run_that_is_under_way_reads_what_changes_meanwhile_in_the_next(
    place: Office, session: PlatformSession
) -> None:
    first = session.pull("customer", "", 1)
    assert first.more

    made = place.desk.make("party.party", name=f"Late {next(_numbers)}")
    place.desk.change("party.party", int(first.objects[0].platform_object_id), name="Renamed")
    rest, cursor = pulled_all(session, "customer", first.cursor)
    after, _ = pulled_all(session, "customer", cursor)

    told = [each.platform_object_id for each in [*rest, *after]]
    assert str(made) in told
    assert first.objects[0].platform_object_id in [each.platform_object_id for each in after]
    place.desk.change("party.party", int(first.objects[0].platform_object_id), name="Nordlys Kafé")


@pytest.mark.parametrize("repair", ["deleted", "deleted and another added"])
def test_what_is_deleted_by_hand_changes_its_month_alone_even_when_as_much_is_added(
    place: Office, session: PlatformSession, repair: str
) -> None:
    move = entry(place, "2026-03-09", BANK, SALES, "5.00", "By mistake")
    before = session.spans("journal_line")
    gone = set(session.ids("journal_line", "2026-03"))

    delete_an_entry(place, move)
    if repair != "deleted":
        entry(place, "2026-03-09", BANK, SALES, "5.00", "Again")

    after = session.spans("journal_line")
    assert [span for span in before if after.get(span) != before[span]] == ["2026-03"]
    assert not gone & set(session.ids("journal_line", "2026-03"))


def test_an_entry_that_is_edited_by_hand_changes_its_month_and_comes_back(
    place: Office, session: PlatformSession
) -> None:
    move = entry(place, "2026-04-09", BANK, SALES, "6.00", "Sale")
    before = session.spans("journal_line")
    _, cursor = pulled_all(session, "journal_line")

    behind_its_back(
        place.server.file,
        f"UPDATE account_move_line SET debit = debit * 2, credit = credit * 2, "
        "write_date = strftime('%Y-%m-%d %H:%M:%f', 'now') "
        f"WHERE move = {move}",
    )

    after = session.spans("journal_line")
    assert [span for span in before if after[span] != before[span]] == ["2026-04"]
    behind = [each.content for each in pulled_all(session, "journal_line", cursor)[0]]
    changed = {each["account"]: Decimal(each["amount"]) for each in behind}
    assert changed == {BANK: Decimal(12), SALES: Decimal(-12)}


def test_a_day_that_cannot_be_right_is_told_and_not_asked_for_month_by_month(
    place: Office, session: PlatformSession
) -> None:
    move = entry(place, "2026-05-11", BANK, SALES, "7.00", "Sale")
    behind_its_back(place.server.file, f"UPDATE account_move SET date = '0206-05-11' WHERE id = {move}")

    with pytest.raises(PlatformFault, match="from 0206-05-11 to"):
        session.spans("journal_line")

    delete_an_entry(place, move)


def test_the_company_is_chosen_by_name_where_the_user_has_several(place: Office) -> None:
    party = place.desk.make("party.party", name="Second AS")
    second = place.desk.make("company.company", party=party, currency=place.currency_id)
    place.desk.change("res.user", 1, companies=[["add", [second]]])

    with tryton.opened({**place.settings, "company": "Second AS"}, place.secrets) as other:
        business, accounts = other.business(), pulled_all(other, "ledger_account")[0]
    with tryton.opened({**place.settings, "company": COMPANY}, place.secrets) as own:
        own_business = own.business()

    assert (business.name, accounts, own_business.name) == ("Second AS", [], COMPANY)


def _lines(session: PlatformSession, place: Office, invoice_id: int) -> list[dict[str, Any]]:
    (row,) = place.desk.rows("account.invoice", ["move"], ["id", "=", invoice_id])
    lines = pulled_all(session, "journal_line")[0]
    return [dict(each.content) for each in lines if each.content["entry"] == str(row["move"])]
