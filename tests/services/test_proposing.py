"""The engine over what is kept: the same answer as over files, kept once, and never against what people decided."""

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.given_matches import MONDAY, accepted, codes, faults_of_all, given_desk
from tests.given_store import Office, given_office
from tieout import app
from tieout.domain.lines import Line, LineUse, Origin
from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.domain.matches import Match
from tieout.domain.results import Result
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import day_number, day_of_text
from tieout.kernel.money import minor_units_of
from tieout.lab.generate import generate
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.lines import LineRequest, edit_line, enter_lines
from tieout.services.matching import (
    AllocationRequest,
    MatchRequest,
    confirm_match,
    find_matches,
    make_match,
    reject_match,
    undo_match,
)
from tieout.services.people.settings import set_setting
from tieout.services.period_locks import lock_period
from tieout.services.proposing import ambiguities, propose_matches


def test_what_has_one_answer_is_tied_and_what_has_two_stays_open(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, invoice = desk.money(100_00, reference="INV-1001"), desk.invoice(100_00, reference="INV-1001")
    unclear = desk.money(70_00, counterparty="Nordic AS")
    answers = [desk.invoice(70_00, reference=f"INV-20{n}", counterparty="Nordic AS") for n in (1, 2)]

    run = accepted(propose_matches(context, desk.office.owner, desk.entity_id))

    assert (run.confirmed, run.proposed, run.ambiguous) == (1, 0, 1)
    assert (run.statement_lines, run.ledger_lines) == (2, 3)
    assert desk.left(paid, invoice, unclear, *answers) == [0, 0, 70_00, 70_00, 70_00]
    (undecided,) = accepted(ambiguities(context, desk.office.reader, desk.entity_id))
    assert (undecided.statement, undecided.would_decide) == ((str(unclear),), "reference")
    assert sorted(undecided.answers) == [(str(answer),) for answer in answers]
    (made,) = accepted(find_matches(context, desk.office.owner, desk.entity_id))
    assert (made.record.id, made.status) == (run.first_match_id, MatchStatus.CONFIRMED)
    assert (made.record.automatic, made.record.matcher, made.record.plan) == (True, "exact_reference", run.plan)
    assert faults_of_all(context, desk.entity_id, [made]) == ()


def test_a_rerun_over_unchanged_lines_keeps_nothing_twice(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    for number in range(3):
        desk.money(100_00 + number, counterparty=f"Buyer {number}")
        desk.invoice(100_00 + number, MONDAY - 30, counterparty=f"Buyer {number}")
        desk.money(500_00, reference=f"R{number}")
        desk.invoice(500_00, reference=f"R{number}")
    first = accepted(propose_matches(context, desk.office.owner, desk.entity_id))
    stored = accepted(find_matches(context, desk.office.owner, desk.entity_id))

    again = accepted(propose_matches(context, desk.office.owner, desk.entity_id))

    assert first.proposed, "otherwise this says nothing"
    assert (again.confirmed, again.proposed, again.proposed_already) == (0, 0, first.proposed)
    assert (again.ambiguous, again.first_match_id) == (first.ambiguous, None)
    assert accepted(find_matches(context, desk.office.owner, desk.entity_id)) == stored


@pytest.mark.parametrize("decided", ["rejected", "undone"])
def test_what_people_took_back_is_not_found_again_while_its_lines_stay_as_they_are(
    context: Context, decided: str
) -> None:
    desk = given_desk(context, given_office(context))
    paid = desk.money(100_00, reference="INV-1001")
    desk.invoice(100_00, reference="INV-1001")
    who = desk.office.preparer if decided == "rejected" else desk.office.owner
    first = accepted(propose_matches(context, who, desk.entity_id))
    assert first.first_match_id is not None
    take_back = reject_match if decided == "rejected" else undo_match
    accepted(take_back(context, desk.office.owner, desk.entity_id, first.first_match_id))

    again = accepted(propose_matches(context, desk.office.owner, desk.entity_id))
    accepted(edit_line(context, desk.office.owner, desk.entity_id, paid, {"description": "as agreed"}))
    later = accepted(propose_matches(context, desk.office.owner, desk.entity_id))

    assert (again.confirmed, again.proposed) == (0, 0)
    assert (later.confirmed, later.proposed) == (1, 0)


def test_who_may_only_prepare_gets_proposals_that_an_approver_confirms(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, invoice = desk.money(100_00, reference="INV-1001"), desk.invoice(100_00, reference="INV-1001")

    run = accepted(propose_matches(context, desk.office.preparer, desk.entity_id))

    assert (run.confirmed, run.proposed, desk.left(paid, invoice)) == (0, 1, [100_00, 100_00])
    assert run.first_match_id is not None
    accepted(confirm_match(context, desk.office.approver, desk.entity_id, run.first_match_id))
    assert desk.left(paid, invoice) == [0, 0]


def test_under_four_eyes_the_engine_prepares_and_anybody_who_may_confirms(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    desk.money(100_00, reference="INV-1001")
    desk.invoice(100_00, reference="INV-1001")
    accepted(set_setting(context, desk.office.owner, "four_eyes", "on", entity_id=desk.entity_id))

    run = accepted(propose_matches(context, desk.office.owner, desk.entity_id))

    assert (run.confirmed, run.proposed) == (0, 1)
    assert run.first_match_id is not None
    confirmed = accepted(confirm_match(context, desk.office.owner, desk.entity_id, run.first_match_id))
    assert confirmed.status is MatchStatus.CONFIRMED


def test_a_proposal_that_a_later_run_finds_to_be_the_only_answer_is_confirmed_itself(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, invoice = desk.money(100_00, reference="INV-1001"), desk.invoice(100_00, reference="INV-1001")
    prepared = accepted(propose_matches(context, desk.office.preparer, desk.entity_id))

    run = accepted(propose_matches(context, desk.office.owner, desk.entity_id))

    (made,) = accepted(find_matches(context, desk.office.owner, desk.entity_id))
    assert (run.confirmed, run.first_match_id, made.record.id) == (1, None, prepared.first_match_id)
    assert (made.status, desk.left(paid, invoice)) == (MatchStatus.CONFIRMED, [0, 0])


def test_a_reader_runs_nothing(context: Context) -> None:
    desk = given_desk(context, given_office(context))

    assert codes(propose_matches(context, desk.office.reader, desk.entity_id)) == ["not_permitted"]
    assert codes(propose_matches(context, desk.office.stranger, desk.entity_id)) == ["not_found"]


def test_only_the_accounts_that_are_named_take_part(context: Context) -> None:
    office = given_office(context)
    desk, other = given_desk(context, office), given_desk(context, office)
    here = [desk.money(10_00, reference="A-100"), desk.invoice(10_00, reference="A-100")]
    there = [other.money(20_00, reference="B-200"), other.entry(20_00, reference="B-200")]

    run = accepted(propose_matches(context, office.owner, desk.entity_id, account_ids=[desk.account.id]))

    assert (run.statement_lines, run.ledger_lines, run.confirmed) == (1, 1, 1)
    assert [*desk.left(*here), *other.left(*there)] == [0, 0, 20_00, 20_00]


def test_an_open_item_that_a_tied_book_entry_settles_is_out_of_bank_matching(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    invoice = desk.invoice(10_00, reference="INV-1001")
    entry = desk.entry(10_00, settles=str(invoice))
    desk.tied(desk.money(10_00), entry)
    second = desk.money(10_00, reference="INV-1001")

    run = accepted(propose_matches(context, desk.office.owner, desk.entity_id))

    assert (run.confirmed, run.proposed) == (0, 0)
    assert desk.left(second, invoice) == [10_00, 10_00]


def test_an_own_transfer_is_known_by_the_number_under_which_the_other_bank_names_the_account(context: Context) -> None:
    office = given_office(context)
    giro, savings = (
        given_desk(context, office, number="NO93 8601 1117 947"),
        given_desk(context, office, number="NO5060111179470"),
    )
    out = giro.money(-500_00, counterparty_account="NO5060111179470")
    into = savings.money(500_00, counterparty_account="NO9386011117947")

    accepted(propose_matches(context, office.owner, giro.entity_id))

    assert [*giro.left(out), *savings.left(into)] == [0, 0]


def test_nothing_is_tied_wholly_in_locked_days(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    old = [desk.money(10_00, reference="OLD-1"), desk.invoice(10_00, reference="OLD-1")]
    late = [desk.entry(20_00, reference="LATE-1"), desk.money(20_00, MONDAY + 3, reference="LATE-1")]
    new = [desk.money(30_00, MONDAY + 3, reference="NEW-1"), desk.invoice(30_00, MONDAY - 3, reference="NEW-1")]
    accepted(lock_period(context, desk.office.owner, desk.entity_id, 0, MONDAY, enabled=True))

    run = accepted(propose_matches(context, desk.office.owner, desk.entity_id))

    assert (run.confirmed, run.dropped) == (2, 1)
    assert desk.left(*old, *late, *new) == [10_00, 10_00, 0, 0, 0, 0]


def test_a_match_whose_line_somebody_tied_meanwhile_is_dropped(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = given_desk(context, given_office(context))
    contested, invoice = desk.money(10_00, reference="A-100"), desk.invoice(10_00, reference="A-100")
    calm = [desk.money(20_00, reference="B-200"), desk.invoice(20_00, reference="B-200")]
    other = desk.invoice(10_00)
    matchers = app.matchers()

    def while_the_engine_runs() -> Mapping[str, Any]:
        desk.tied(contested, other)
        return matchers

    slow = Context(
        **{**{name: getattr(context, name) for name in Context.__slots__}, "matchers": while_the_engine_runs}
    )
    run = accepted(propose_matches(slow, desk.office.owner, desk.entity_id))

    assert (run.confirmed, run.dropped) == (1, 1)
    assert desk.left(contested, invoice, other, *calm) == [0, 10_00, 0, 0, 0]
    assert (
        faults_of_all(context, desk.entity_id, accepted(find_matches(context, desk.office.owner, desk.entity_id))) == ()
    )


def test_a_line_that_was_used_in_part_or_freed_again_is_used_again(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    part, freed = desk.money(100_00, reference="A-100"), desk.money(30_00, reference="B-200")
    legs = tuple(AllocationRequest(line_id=line, minor_units=40_00) for line in (part, desk.invoice(40_00)))
    accepted(make_match(context, desk.office.owner, desk.entity_id, MatchRequest(allocations=legs)))
    first = desk.tied(freed, desk.invoice(30_00))
    accepted(undo_match(context, desk.office.owner, desk.entity_id, first.record.id))
    desk.tied(desk.invoice(30_00), desk.money(30_00))
    open_items = [desk.invoice(60_00, reference="A-100"), desk.invoice(30_00, reference="B-200")]

    accepted(propose_matches(context, desk.office.owner, desk.entity_id))

    assert desk.left(part, freed, *open_items) == [0, 0, 0, 0]
    stored = accepted(find_matches(context, desk.office.owner, desk.entity_id))
    live = [match for match in stored if match.status is MatchStatus.CONFIRMED]
    assert faults_of_all(context, desk.entity_id, live) == ()


@pytest.mark.parametrize("seed", [3, 11])
def test_the_engine_finds_over_a_store_what_it_finds_over_files(context: Context, tmp_path: Path, seed: int) -> None:
    generate(600, seed, tmp_path, "default")
    office = given_office(context)
    files = app.reconcile([str(tmp_path / "ledger.csv")], [str(tmp_path / "statement.csv")])
    lines = _entered(context, office, tmp_path)

    run = accepted(propose_matches(context, office.owner, office.entity_id))

    stored = accepted(find_matches(context, office.owner, office.entity_id, limit=10_000))
    assert (run.confirmed, run.proposed) == (files.matches_confirmed, files.matches_proposed)
    assert run.ambiguous == len(files.ambiguous)
    assert Counter(_told(match, lines) for match in stored) == Counter(_told_of_files(files))
    assert faults_of_all(context, office.entity_id, stored) == ()
    assert _used(context, office) == _recomputed(stored)


def _entered(context: Context, office: Office, folder: Path) -> dict[int, Line]:
    """The generated lines in a store; settled items by their new ids."""
    accounts: dict[str, int] = {}
    ids: dict[str, int] = {}
    kept: list[Line] = []
    for side in ("statement", "ledger"):
        with (folder / f"{side}.csv").open(encoding="utf-8", newline="") as file:
            rows = [defaultdict(str, row) for row in csv.DictReader(file)]
        open_items = [row for row in rows if not row["settles"]]
        for some in (open_items, [row for row in rows if row["settles"]]):
            requests = [_request(context, office, side, row, accounts, ids) for row in some]
            lines = accepted(enter_lines(context, office.owner, office.entity_id, requests, Origin.DOCUMENT))
            ids.update({row["id"]: line.id for row, line in zip(some, lines, strict=True)} if side == "ledger" else {})
            kept += lines
    return {line.id: line for line in kept}


def _request(
    context: Context,
    office: Office,
    side: str,
    row: Mapping[str, str],
    accounts: dict[str, int],
    ids: Mapping[str, int],
) -> LineRequest:
    number, currency = row["account"], row["currency"]
    is_open_item = side == "ledger" and row["kind"] in ("", "receivable", "payable", "order")
    if number and number not in accounts and not is_open_item:
        request = AccountRequest(kind="bank", name=number, currency=currency, number=number)
        accounts[number] = accepted(open_account(context, office.owner, office.entity_id, request)).id
    kind = row["kind"] or ("receivable" if is_open_item else "")
    return LineRequest(
        side=side,
        kind=kind,
        account_id=0 if is_open_item else accounts[number],
        currency=currency,
        minor_units=minor_units_of(row["amount"], EXPONENTS[currency]),
        booking_day=day_number(day_of_text(row["booking_date"])),
        value_day=day_number(day_of_text(row["value_date"])) if row["value_date"] else None,
        reference=row["reference"],
        counterparty=row["counterparty"],
        counterparty_account=row["counterparty_account"],
        batch=row["batch"],
        description=row["description"],
        settles=" ".join(str(ids[each]) for each in row["settles"].split()),
        rate=row["rate"],
    )


def _told(match: StoredMatch, lines: Mapping[int, Line]) -> object:
    """A match by what its lines say, whichever of several that are alike it took."""
    legs = [(leg.side, _looks(lines[leg.line_id]), leg.minor_units, leg.currency) for leg in match.allocations]
    adjustments = [(leg.type, leg.minor_units, leg.currency, leg.rule) for leg in match.adjustments]
    return match.record.kind, match.status.value, match.record.matcher, tuple(sorted(legs)), tuple(adjustments)


def _looks(line: Line) -> tuple[object, ...]:
    texts = (line.reference, line.counterparty, line.counterparty_account, line.batch, line.description)
    return (line.booking_day, line.minor_units, *texts)


def _told_of_files(result: Result) -> Sequence[object]:
    rows = {}
    for side, table in (("statement", result.statement), ("ledger", result.ledger)):
        texts = (
            table.id,
            table.reference,
            table.counterparty,
            table.counterparty_account,
            table.batch,
            table.description,
        )
        for row, (line, *said) in enumerate(zip(*texts, strict=True)):
            rows[side, line] = (int(table.booking_day[row]), int(table.minor_units[row]), *said)
    return [_told_of_file_match(match, rows) for match in result.matches()]


def _told_of_file_match(match: Match, rows: Mapping[Any, tuple[object, ...]]) -> object:
    legs = [(leg.side, rows[leg.side, leg.line], leg.minor_units, leg.currency) for leg in match.allocations]
    adjustments = [(leg.type.value, leg.minor_units, leg.currency, leg.rule or "") for leg in match.adjustments]
    return match.kind.value, match.state.value, match.matcher, tuple(sorted(legs)), tuple(adjustments)


def _used(context: Context, office: Office) -> dict[int, int]:
    with context.store.reading() as view:
        return {use.line_id: use.used_minor_units for use in view.all(LineUse, entity_id=office.entity_id)}


def _recomputed(matches: Sequence[StoredMatch]) -> dict[int, int]:
    used: Counter[int] = Counter()
    for match in matches:
        if match.status is MatchStatus.CONFIRMED:
            for leg in match.allocations:
                used[leg.line_id] += leg.minor_units
    return dict(used)
