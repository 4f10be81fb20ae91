"""The resources of the native API, each from its first request to its last."""

import json

from tests.api.given_server import Native

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-01-31T12:00:00</CreDtTm></GrpHdr>
<Stmt><Id>1</Id><CreDtTm>2026-01-31T12:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>NOK</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="NOK">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-01-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="NOK">140.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-01-31</Dt></Dt></Bal>
<Ntry><Amt Ccy="NOK">40.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-01-15</Dt></BookgDt>
<NtryDtls><TxDtls><Refs><EndToEndId>INV-1</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


def test_a_document_gives_its_statements_proofs_and_lines(served: Native) -> None:
    content = CAMT.format(iban="NO9386011117947").encode()

    received = served.client.ask("POST", f"{served.entity}/documents?name=may.xml", content)
    again = served.client.ask("POST", f"{served.entity}/documents?name=may.xml", content)
    lines = served.client.ask("GET", f"{served.entity}/lines").json["lines"]
    kept = served.client.ask("GET", f"{served.entity}/documents/{received.json['id']}/content")

    (statement,) = received.json["statements"]
    assert (received.status, received.json["state"], statement["holds"], statement["closing_balance"]) == (
        201, "read", True, "140.00"
    )  # fmt: skip
    assert again.json["id"] == received.json["id"]
    assert [(line["amount"], line["origin"]) for line in lines] == [("40.00", "document")]
    assert kept.content == content
    assert kept.headers["content-disposition"] == "attachment"


def test_a_form_with_a_file_is_a_document_too(served: Native) -> None:
    content = CAMT.format(iban="NO9386011117947").encode()
    sent = {"authorization": f"Bearer {served.client.token}"}
    where = f"{served.client.address}/tieout/v1{served.entity}/documents"

    received = served.client.http.request("POST", where, fields={"file": ("june.xml", content)}, headers=sent)
    without = served.client.http.request("POST", where, fields={"other": "x"}, headers=sent)

    assert (received.status, received.json()["name"]) == (201, "june.xml")
    assert (without.status, without.json()["findings"][0]["concerns"]) == (400, "file")


def test_a_file_that_nobody_reads_is_refused_and_not_kept(served: Native) -> None:
    told = served.client.ask("POST", f"{served.entity}/documents?name=x.bin", b"\0\1\2")

    assert (told.status, told.code) == (422, "not_read")
    assert served.client.ask("GET", f"{served.entity}/documents").json["documents"] == []


def test_a_match_is_made_explained_undone_and_made_again(served: Native) -> None:
    lines = served.given_pair()
    allocations = [{"line_id": each} for each in lines]
    made = served.client.ask("POST", f"{served.entity}/matches", allocations=allocations)
    where = f"{served.entity}/matches/{made.json['id']}"

    explained = served.client.ask("GET", f"{where}/explanation").json
    preview = served.client.ask("GET", f"{where}/undo-preview").json
    taken = served.client.ask("POST", f"{served.entity}/matches", allocations=allocations)
    undone = served.client.ask("POST", f"{where}/undo", reason="the wrong customer")
    why = served.client.ask(
        "POST", f"{served.entity}/matches/why-not", statement_line_ids=lines[:1], ledger_line_ids=lines[1:]
    )
    again = served.client.ask("POST", f"{served.entity}/matches", allocations=allocations)

    assert (explained["holds"], len(explained["equation"])) == (True, 1)
    assert [(each["line_id"], each["freed"], each["left"]) for each in preview["lines"]] == [
        (lines[0], "10.50", "10.50"),
        (lines[1], "10.50", "10.50"),
    ]
    assert (taken.status, taken.code) == (409, "line_tied")
    assert taken.json["findings"][0]["facts"]["match"] == str(made.json["id"])
    assert (undone.json["status"], undone.json["states"][-1]["reason"]) == ("undone", "the wrong customer")
    assert why.status == 200
    assert (again.status, again.json["status"]) == (201, "confirmed")


def test_the_engine_is_run_at_once_or_as_a_job(served: Native) -> None:
    served.given_pair()

    at_once = served.client.ask("POST", f"{served.entity}/matches/propose")
    queued = served.client.ask("POST", f"{served.entity}/matches/propose", wait=False)
    job = served.client.ask("GET", queued.headers["location"], prefix="")

    assert (at_once.status, at_once.json["run"]["statement_lines"]) == (200, 1)
    assert (queued.status, job.json["kind"], job.json["state"]) == (202, "match", "queued")


def test_an_account_is_reconciled_period_by_period(served: Native) -> None:
    account = served.given_account(starting_date="2025-12-31", starting_balance="100.00")
    (entry,) = served.given_lines({"side": "ledger", "kind": "bank_entry", "account_id": account, "amount": "40.00"})
    chain = f"{served.entity}/accounts/{account}/reconciliations"

    opened = served.client.ask("POST", chain, end_date="2026-01-31", end_balance="140.00")
    one = f"{served.entity}/reconciliations/{opened.json['id']}"
    too_soon = served.client.ask("POST", f"{one}/complete")
    candidates = served.client.ask("GET", f"{one}/candidates").json["lines"]
    ticked = served.client.ask("POST", f"{one}/tick", tick=[entry])
    completed = served.client.ask("POST", f"{one}/complete")
    following = served.client.ask("GET", f"{chain}/next").json
    reopened = served.client.ask("POST", f"{one}/reopen", reason="a late find")
    deleted = served.client.ask("DELETE", one)

    assert (opened.status, opened.json["left"], opened.json["status"]) == (201, "40.00", "incomplete")
    assert too_soon.code == "does_not_add_up"
    assert [each["id"] for each in candidates] == [entry]
    assert (ticked.json["failed"], ticked.json["reconciliation"]["left"]) == ([], "0.00")
    assert (completed.json["status"], completed.json["completed_by"]) == ("complete", served.office.owner.name)
    assert (following["start_date"], following["start_balance"]) == ("2026-01-31", "140.00")
    assert (reopened.json["done"], deleted.status) == (False, 204)
    assert served.client.ask("GET", chain).json == {"reconciliations": []}


def test_the_bank_reconciliation_says_why_bank_and_books_differ(served: Native) -> None:
    account = served.given_account(starting_date="2025-12-31", starting_balance="100.00")
    served.given_lines({"side": "ledger", "kind": "bank_entry", "account_id": account, "amount": "40.00"})

    told = served.client.ask("GET", f"{served.entity}/accounts/{account}/bank-reconciliation?as_of=2026-01-31")

    assert told.json["per_books"] == "140.00"
    assert told.json["in_books_not_on_bank"]["sum"] == "40.00"


def test_an_invoice_waits_for_money_until_it_is_paid(served: Native) -> None:
    made = served.client.ask(
        "POST",
        f"{served.entity}/invoices",
        direction="receivable",
        currency="NOK",
        issue_date="2026-01-02",
        number="1001",
        lines=[{"description": "Consulting", "amount": "80.00", "tax": "20.00"}],
        instalments=[{"due_date": "2026-01-16", "amount": "60.00"}, {"due_date": "2026-01-30", "amount": "40.00"}],
    )
    first = made.json["instalments"][0]["id"]

    paid = served.client.ask("POST", f"{served.entity}/lines/{first}/pay", paid_date="2026-01-15", amount="60.00")
    unpaid = served.client.ask("POST", f"{served.entity}/lines/{first}/undo-payment")
    cancelled = served.client.ask("POST", f"{served.entity}/invoices/{made.json['invoice']['id']}/cancel")

    assert (made.status, made.json["invoice"]["amount"], made.json["invoice"]["tax"]) == (201, "100.00", "20.00")
    assert (paid.json["paid_date"], unpaid.json["paid_date"]) == ("2026-01-15", None)
    assert (cancelled.json["invoice"]["status"], cancelled.json["instalments"]) == ("cancelled", [])


def test_a_journal_entry_balances_and_is_reversed_rather_than_unmade(served: Native) -> None:
    bank, sales = served.given_account(), served.given_account(kind="book", name="Sales", number="3000")
    entry = {"booking_date": "2026-01-10", "lines": [{"account_id": bank, "amount": "5"}]}
    balancing = [*entry["lines"], {"account_id": sales, "amount": "-5"}]

    unbalanced = served.client.ask("POST", f"{served.entity}/journal-entries", json.dumps(entry).encode())
    made = served.client.ask(
        "POST", f"{served.entity}/journal-entries", json.dumps({**entry, "lines": balancing}).encode()
    )
    reversing = served.client.ask(
        "POST", f"{served.entity}/journal-entries/{made.json['id']}/cancel", reason="the wrong account"
    )

    assert unbalanced.code == "entry_unbalanced"
    assert [line["amount"] for line in made.json["lines"]] == ["5.00", "-5.00"]
    assert [line["amount"] for line in reversing.json["lines"]] == ["-5.00", "5.00"]
    listed = served.client.ask("GET", f"{served.entity}/journal-entries").json["journal_entries"]
    assert listed[0]["cancellation_reason"] == "the wrong account"


def test_a_locked_period_takes_no_lines_and_says_through_when(served: Native) -> None:
    locked = served.client.ask("PUT", f"{served.entity}/period-locks", through_date="2026-01-31")

    told = served.client.ask("POST", f"{served.entity}/lines", lines=[LINE])

    assert (locked.status, locked.json["enabled"]) == (200, True)
    assert (told.status, told.code) == (409, "period_locked")
    assert told.json["findings"][0]["concerns"] == "lines[0].booking_date"


LINE = {"side": "ledger", "kind": "receivable", "currency": "NOK", "amount": "1.00", "booking_date": "2026-01-10"}


def test_a_difference_is_raised_and_explained_once(served: Native) -> None:
    (line,) = served.given_lines(LINE)
    made = served.client.ask(
        "POST", f"{served.entity}/differences", subject=f"line:{line}", amount="1.00", currency="NOK", reason="late"
    )
    where = f"{served.entity}/differences/{made.json['id']}/resolve"

    resolved = served.client.ask("POST", where, resolution="paid in cash")
    again = served.client.ask("POST", where, resolution="paid in cash")

    assert (made.status, resolved.json["state"], again.code) == (201, "resolved", "resolved_already")


def test_a_line_is_changed_deleted_and_restored(served: Native) -> None:
    (line,) = served.given_lines(LINE)
    where = f"{served.entity}/lines/{line}"

    changed = served.client.ask("PATCH", where, amount="2.00", reference="INV-7")
    deleted = served.client.ask("DELETE", where)
    gone = served.client.ask("GET", where)
    restored = served.client.ask("POST", f"{where}/restore")

    assert (changed.json["amount"], changed.json["reference"], changed.json["version"]) == ("2.00", "INV-7", 2)
    assert (deleted.status, gone.status, gone.code) == (204, 404, "not_found")
    assert (restored.json["amount"], restored.json["version"]) == ("2.00", 4)


def test_money_moves_between_own_accounts_as_two_lines(served: Native) -> None:
    paying, receiving = served.given_account(number="NO1"), served.given_account(number="NO2")

    told = served.client.ask(
        "POST",
        f"{served.entity}/transfers",
        from_account_id=paying,
        to_account_id=receiving,
        amount="7.00",
        booking_date="2026-01-10",
    )

    assert [(line["account_id"], line["amount"]) for line in told.json["lines"]] == [
        (paying, "-7.00"),
        (receiving, "7.00"),
    ]


def test_every_change_is_an_event_of_a_chain_that_holds(served: Native) -> None:
    served.given_match()

    events = served.client.ask("GET", f"{served.entity}/events").json["events"]
    verified = served.client.ask("GET", f"{served.entity}/events/verification").json

    assert [each["action"] for each in events][-3:] == ["open_account", "enter_line_columns", "make_match"]
    assert [each["sequence"] for each in events] == list(range(1, len(events) + 1))
    assert (verified["holds"], verified["events"], verified["last_digest"]) == (True, len(events), events[-1]["digest"])


def test_users_tokens_and_settings_are_the_owners_to_decide(served: Native) -> None:
    entity_id = served.office.entity_id
    address = f"new.{served.office.owner.user_id}@office.example"
    made = served.client.ask(
        "POST",
        "/users",
        email=address,
        name="New",
        password="long enough 1",
        roles=[{"entity_id": entity_id, "role": "reader"}],
    )
    raised = served.client.ask("PUT", f"{served.entity}/grants/{made.json['id']}", role="approver")
    token = served.client.ask("POST", "/tokens", face="fintera", entities=[entity_id], label="ERP")
    listed = served.client.ask("GET", "/tokens").json["tokens"]
    revoked = served.client.ask("DELETE", f"/tokens/{token.json['id']}")
    setting = served.client.ask("PUT", "/settings", name="four_eyes", value="on", entity_id=entity_id)
    counted = served.client.ask("GET", f"{served.entity}/settings").json["settings"]

    assert (made.status, raised.json["role"]) == (201, "approver")
    assert token.json["text"]
    assert all(each["text"] is None for each in listed)
    assert token.json["id"] in [each["id"] for each in listed]
    assert (revoked.status, setting.json["value"]) == (204, "on")
    assert {each["name"]: each["value"] for each in counted}["four_eyes"] == "on"


def test_plans_are_shown_as_the_files_that_they_are(served: Native) -> None:
    names = [each["name"] for each in served.client.ask("GET", "/plans").json["plans"]]

    assert "default" in names
    assert b"[[pass]]" in served.client.ask("GET", "/plans/default").content
    assert served.client.ask("GET", "/plans/nothing").code == "not_found"
