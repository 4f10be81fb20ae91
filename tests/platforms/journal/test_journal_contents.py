"""What is pulled from a ledger: accounts, tax rates, invoices with what became of them, and pages that miss nothing."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, tuples

from tests.conformance.platforms import pulled_all
from tests.platforms.journal.given import SUFFIXES, bill_body, copied, invoice_body, payment_body, settings_of
from tieout.contracts.platform import PlatformFault, Pulled
from tieout.platforms.journal import opened
from tieout.platforms.journal.contents import Dated
from tieout.platforms.journal.pages import page_behind, spans_of

both_flavours = pytest.mark.parametrize("flavour", sorted(SUFFIXES))


def pulled(flavour: str, ledger: Path, object_type: str) -> dict[str, Any]:
    """Contents by id."""
    with opened(settings_of(flavour, ledger), {}) as session:
        return {each.platform_object_id: each.content for each in pulled_all(session, object_type)[0]}


@both_flavours
def test_an_account_tells_what_its_declaration_and_its_postings_say(flavour: str, tmp_path: Path) -> None:
    accounts = pulled(flavour, copied(flavour, tmp_path), "ledger_account")

    assert accounts["Assets:Bank:Operating"] == {
        "name": "Operating account",
        "type": "asset",
        "subtype": "bank",
        "status": "active",
        "nominal_code": "1920",
        "currency": "NOK",
        "current_balance": "251505.00",
        "is_bank_account": True,
    }


@both_flavours
def test_both_flavours_tell_the_same_of_the_same_books(flavour: str, tmp_path: Path) -> None:
    for object_type in ("tax_rate", "customer", "vendor"):
        assert pulled(flavour, copied(flavour, tmp_path / object_type), object_type) == pulled(
            "hledger", copied("hledger", tmp_path / f"other {object_type}"), object_type
        )


@both_flavours
def test_a_tax_on_a_tax_is_counted_on_both(flavour: str, tmp_path: Path) -> None:
    rates = pulled(flavour, copied(flavour, tmp_path), "tax_rate")

    # 5 % and 9.5 % of 105 %: 14.975 %, rounded once.
    assert (rates["QC"]["effective_tax_rate"], rates["QC"]["total_tax_rate"]) == (1498, 1450)
    assert rates["QC"]["components"][1] == {"name": "QST", "rate": 950, "is_compound": True}
    assert (rates["V25"]["effective_tax_rate"], rates["V25"]["direction"]) == (2500, "sales")


@both_flavours
def test_an_invoice_that_a_person_wrote_is_one_with_its_tax_and_payment(flavour: str, tmp_path: Path) -> None:
    (content,) = pulled(flavour, copied(flavour, tmp_path), "receivable").values()

    assert content == {
        "number": "1001",
        "counterparty": "C-1",
        "counterparty_name": "Kafé Fontene AS",
        "currency": "NOK",
        "issue_date": "2026-10-02",
        "instalments": [{"due_date": "2026-10-16", "amount": "1250.00"}],
        "total": "1250.00",
        "tax": "250.00",
        "status": "paid",
        "lines": [
            {
                "description": "Coffee beans 20 kg",
                "quantity": None,
                "price": None,
                "amount": "1000.00",
                "tax_amount": "250.00",
                "tax_rate": None,
                "account": "3000",
            }
        ],
    }


@both_flavours
def test_an_invoice_is_open_until_the_whole_of_it_is_paid(flavour: str, tmp_path: Path) -> None:
    ledger = copied(flavour, tmp_path)
    states = []
    with opened(settings_of(flavour, ledger), {}) as session:
        session.push("bill", "key-bill", bill_body())
        for key, amount in (("key-1", "1000.00"), ("key-2", "250.00"), ("key-3", "-50.00")):
            session.push("payment_record", key, payment_body("key-bill", amount=amount))
            states.append(pulled(flavour, ledger, "bill")["key-bill"]["status"])

    assert states == ["open", "paid", "open"]


@both_flavours
def test_a_payment_in_the_other_direction_moves_the_bank_the_other_way(flavour: str, tmp_path: Path) -> None:
    ledger = copied(flavour, tmp_path)
    with opened(settings_of(flavour, ledger), {}) as session:
        session.push("bill", "key-bill", bill_body())
        session.push("receivable", "key-invoice", invoice_body())
        session.push("payment_record", "key-out", payment_body("key-bill"))
        session.push("payment_record", "key-in", payment_body("key-invoice"))

    lines = pulled(flavour, ledger, "journal_line")

    assert (lines["key-out:1"]["amount"], lines["key-in:1"]["amount"]) == ("-1250.00", "1250.00")
    assert (lines["key-out:1"]["account"], lines["key-out:2"]["account"]) == ("1920", "2400")


def test_tax_that_no_line_explains_is_a_line_of_its_own(tmp_path: Path) -> None:
    ledger = copied("hledger", tmp_path)
    entries = ledger / "2026.journal"
    split = "    Income:Coffee  -400.00 NOK  ; line:a\n    Income:Coffee  -600.00 NOK  ; line:b"
    before = "    Income:Coffee                   -1000.00 NOK  ; line:Coffee beans 20 kg"
    entries.write_text(entries.read_text("utf-8").replace(before, split), "utf-8")

    (content,) = pulled("hledger", ledger, "receivable").values()

    assert [(line["amount"], line["tax_amount"], line["account"]) for line in content["lines"]] == [
        ("400.00", "0.00", "3000"),
        ("600.00", "0.00", "3000"),
        ("0.00", "250.00", "2700"),
    ]


def test_an_invoice_that_a_credit_note_cancels_says_so(tmp_path: Path) -> None:
    ledger = copied("hledger", tmp_path)
    entries = ledger / "2026.journal"
    entries.write_text(entries.read_text("utf-8").replace("; pays:1001", "; cancels:1001"), "utf-8")

    (content,) = pulled("hledger", ledger, "receivable").values()

    assert content["status"] == "cancelled"


@both_flavours
def test_a_match_is_kept_in_the_ledger_and_is_no_journal_line(flavour: str, tmp_path: Path) -> None:
    ledger = copied(flavour, tmp_path)
    before = pulled(flavour, ledger, "journal_line")
    with opened(settings_of(flavour, ledger), {}) as session:
        body = {"date": "2026-11-20", "bank_account": "1920", "amount": "300.00", "ledger": [min(before)]}
        session.push("match", "key-match", body)

        assert session.find("match", "key-match") is not None
    assert pulled(flavour, ledger, "journal_line") == before


def test_a_cursor_of_another_platform_is_refused_in_words(tmp_path: Path) -> None:
    ledger = copied("hledger", tmp_path)

    with (
        opened(settings_of("hledger", ledger), {}) as session,
        pytest.raises(PlatformFault, match="no cursor") as fault,
    ):
        session.pull("journal_line", "2026-11-20T10:00:00Z", 10)

    assert fault.value.kind == "refused"


@given(
    months=lists(lists(integers(0, 9), max_size=4), min_size=1, max_size=4),
    edit=tuples(integers(0, 3), integers(0, 3)),
    limit=integers(1, 5),
    when=integers(0, 6),
)
def test_pages_miss_nothing_when_something_changes_between_them(
    months: list[list[int]], edit: tuple[int, int], limit: int, when: int
) -> None:
    said = [list(month) for month in months]
    seen: dict[str, Any] = {}
    cursor, more, turn = "", True, 0

    while more:
        if turn == when and edit[0] < len(said) and edit[1] < len(said[edit[0]]):
            said[edit[0]][edit[1]] += 100
        page = page_behind(spans_of(_dated(said)), cursor, limit)
        seen |= {each.platform_object_id: each.content["amount"] for each in page.objects}
        assert len(page.objects) <= limit
        cursor, more, turn = page.cursor, page.more, turn + 1
    last = page_behind(spans_of(_dated(said)), cursor, 100)
    seen |= {each.platform_object_id: each.content["amount"] for each in last.objects}

    assert seen == {each.pulled.platform_object_id: each.pulled.content["amount"] for each in _dated(said)}
    assert page_behind(spans_of(_dated(said)), last.cursor, 100).objects == []


def _dated(months: list[list[int]]) -> list[Dated]:
    return [
        Dated(f"2026-{month:02d}", Pulled("journal_line", f"{month}:{number}", {"amount": amount}))
        for month, amounts in enumerate(months, 1)
        for number, amount in enumerate(amounts)
    ]
