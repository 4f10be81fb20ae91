"""What tieout writes is accepted by the programs that the files are for, and read by them as tieout reads it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis.strategies import characters, lists, sampled_from

from tests.conformance.platforms import pulled_all
from tests.platforms.journal.given import (
    SUFFIXES,
    copied,
    every_kind_pushed,
    invoice_body,
    payment_body,
    settings_of,
)
from tests.platforms.journal.programs import balances_of_hledger, checked
from tieout.platforms.journal import opened
from tieout.platforms.journal.books import Books
from tieout.platforms.journal.flavours import FLAVOURS
from tieout.platforms.journal.folder import LedgerFolder

pytestmark = pytest.mark.slow
both_flavours = pytest.mark.parametrize("flavour", sorted(SUFFIXES))

# What has a meaning in one of the two grammars, for texts that are put together of it.
MEANINGFUL = (
    *";|,:%[]{}()*!@=\"'\\^#~ \t\r\n&$€0A",
    *("date:2026-99-99", "[12/99]", "; a:b", "  ", "%2C", "%41", "\\n", "end comment", "\n2026-01-01 x", "\ninclude x"),
)
any_text = lists(sampled_from(MEANINGFUL) | characters(exclude_categories=["Cs"]), max_size=8).map("".join)


@both_flavours
def test_the_programs_accept_one_of_everything_that_is_pushed(flavour: str, tmp_path: Path) -> None:
    ledger = copied(flavour, tmp_path)

    with opened(settings_of(flavour, ledger), {}) as session:
        every_kind_pushed(session)

    assert checked(flavour, ledger) == ""


@both_flavours
def test_the_checks_of_this_suite_do_find_what_is_wrong(flavour: str, tmp_path: Path) -> None:
    ledger = copied(flavour, tmp_path)
    entries = ledger / f"2026{SUFFIXES[flavour]}"

    entries.write_text(entries.read_text("utf-8").replace("-250.00", "-250.01"), "utf-8")

    assert checked(flavour, ledger) != ""


@both_flavours
@given(texts=lists(any_text, min_size=4, max_size=4))
@example(texts=["".join(MEANINGFUL), "back\\", "x [12/99] date:2026-99-99", "* (code) %41 ; a:b"])
@example(texts=["[12/99]", '\\"', "\\", "(code"])
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_text_is_accepted_by_the_programs_and_comes_back(
    flavour: str, texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    ledger = copied(flavour, tmp_path_factory.mktemp("texts"))
    number, name, described, reference = texts
    body = invoice_body(number, counterparty=None, counterparty_name=name)
    body["lines"][0]["description"] = described

    with opened(settings_of(flavour, ledger), {}) as session:
        invoice = session.push("receivable", "key-invoice", body)
        session.push("payment_record", "key-payment", payment_body(invoice.platform_object_id, reference=reference))
        session.push("customer", "key-customer", {"name": f"x{name}", "tax_number": number, "email": described})
        invoices, lines, customers = (
            {each.platform_object_id: each.content for each in pulled_all(session, object_type)[0]}
            for object_type in ("receivable", "journal_line", "customer")
        )

    assert checked(flavour, ledger) == ""
    content = invoices["key-invoice"]
    assert (content["number"], content["counterparty_name"]) == (number, name)
    assert content["lines"][0]["description"] == described
    assert (lines["key-payment:1"]["reference"] or "") == reference
    assert customers["key-customer"] == {"name": f"x{name}", "tax_number": number, "email": described}


def test_hledger_makes_the_same_balances_of_what_people_write(tmp_path: Path) -> None:
    ledger = copied("hledger", tmp_path)
    written = Path(__file__).parent / "written" / "much.journal"
    (ledger / "2026.journal").write_bytes(written.read_bytes())

    accounts = Books(LedgerFolder(ledger, "main.journal", FLAVOURS["hledger"]).ledger()).accounts

    ours = {
        (name, commodity): number
        for name, account in accounts.items()
        for commodity, number in account.balances.items()
        if number
    }
    assert ours == balances_of_hledger(ledger)
