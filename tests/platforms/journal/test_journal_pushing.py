"""Pushing into a ledger folder: once for each key, into tieout's own files, never against what the ledger says."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.platforms import pulled_all
from tests.platforms.journal.given import (
    SUFFIXES,
    bill_body,
    copied,
    every_kind_pushed,
    invoice_body,
    payment_body,
    settings_of,
)
from tieout.contracts.platform import PlatformFault, PlatformSession
from tieout.platforms.journal import opened

GOLDEN = Path(__file__).parent / "golden"

both_flavours = pytest.mark.parametrize("flavour", sorted(SUFFIXES))


@contextmanager
def session_on(flavour: str, folder: Path) -> Iterator[tuple[PlatformSession, Path]]:
    """A session on a ledger of its own."""
    ledger = copied(flavour, folder)
    with opened(settings_of(flavour, ledger), {}) as session:
        yield session, ledger


def written(ledger: Path) -> dict[str, str]:
    """By name every file of a ledger that is not hidden."""
    files = (path for path in ledger.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(ledger).as_posix(): path.read_bytes().decode() for path in sorted(files)}


@both_flavours
def test_what_is_written_is_what_a_person_would_read_without_trouble(flavour: str, tmp_path: Path) -> None:
    with session_on(flavour, tmp_path) as (session, ledger):
        every_kind_pushed(session)

        own = {name: text for name, text in written(ledger).items() if name.startswith("tieout/")}
    golden = {f"tieout/{path.name}": path.read_bytes().decode() for path in sorted((GOLDEN / flavour).iterdir())}
    assert own == golden


@both_flavours
def test_of_others_files_only_the_main_one_gets_one_line(flavour: str, tmp_path: Path) -> None:
    with session_on(flavour, tmp_path) as (session, ledger):
        before = written(ledger)

        every_kind_pushed(session)

        after = written(ledger)
    main = f"main{SUFFIXES[flavour]}"
    assert {name: after[name] for name in before if name != main} == {
        name: text for name, text in before.items() if name != main
    }
    assert after[main].startswith(before[main])
    assert after[main].removeprefix(before[main]).split() == [
        "include",
        {"hledger": "tieout/index.journal", "beancount": '"tieout/index.beancount"'}[flavour],
    ]


@pytest.mark.slow
@both_flavours
def test_the_order_of_pushing_leaves_no_trace(flavour: str, tmp_path: Path) -> None:
    bodies = {
        "key-a": invoice_body("1", issue_date="2026-11-20"),
        "key-b": invoice_body("2", issue_date="2026-11-05"),
        "key-c": invoice_body("3", issue_date="2026-12-01"),
    }
    states = []
    for number, keys in enumerate(permutations(bodies)):
        (folder := tmp_path / str(number)).mkdir()
        with session_on(flavour, folder) as (session, ledger):
            for key in keys:
                session.push("receivable", key, bodies[key])
            states.append(written(ledger))

    assert all(state == states[0] for state in states)


@both_flavours
def test_a_push_that_is_repeated_changes_no_byte(flavour: str, tmp_path: Path) -> None:
    with session_on(flavour, tmp_path) as (session, ledger):
        every_kind_pushed(session)
        before = written(ledger)

        every_kind_pushed(session)
        session.push("bill", "key-bill", bill_body("another body under the same key"))

        assert written(ledger) == before


@both_flavours
def test_what_a_person_changes_in_tieouts_files_stays(flavour: str, tmp_path: Path) -> None:
    with session_on(flavour, tmp_path) as (session, ledger):
        session.push("receivable", "key-b", invoice_body("2"))
        own = ledger / "tieout" / f"2026-11{SUFFIXES[flavour]}"
        remark = "; asked the customer about this one\n"
        own.write_text(own.read_text("utf-8") + remark, "utf-8")

        session.push("receivable", "key-a", invoice_body("1"))
        session.push("receivable", "key-c", invoice_body("3"))

        text = own.read_text("utf-8")
        assert text.index("key-a") < text.index("key-b") < text.index(remark) < text.index("key-c")


@pytest.mark.slow
@both_flavours
def test_writers_at_the_same_time_write_each_object_once(flavour: str, tmp_path: Path) -> None:
    ledger = copied(flavour, tmp_path)
    keys = [f"key-{number:02d}" for number in range(12)]
    begin = threading.Barrier(3)

    def push_all() -> None:
        with opened(settings_of(flavour, ledger), {}) as session:
            begin.wait()
            for key in keys:
                session.push("receivable", key, invoice_body(key))

    writers = [threading.Thread(target=push_all) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with opened(settings_of(flavour, ledger), {}) as session:
        pushed = [each.key for each in pulled_all(session, "receivable")[0] if each.key]
    assert sorted(pushed) == keys


@both_flavours
@pytest.mark.parametrize("last_step", range(1, 5))
def test_a_push_that_is_cut_off_at_any_step_is_made_once_by_the_next(
    flavour: str, last_step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced, steps = Path.replace, iter(range(1, 100))

    def cut_off(self: Path, target: Path) -> Path:
        if next(steps) >= last_step:
            raise KeyboardInterrupt
        return replaced(self, target)

    with session_on(flavour, tmp_path) as (session, ledger):
        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", cut_off)
            with pytest.raises(KeyboardInterrupt):
                session.push("receivable", "key-a", invoice_body())

        assert session.find("receivable", "key-a") is None
        session.push("receivable", "key-a", invoice_body())
        again = written(ledger)
    (tmp_path / "whole").mkdir()
    with session_on(flavour, tmp_path / "whole") as (session, ledger):
        session.push("receivable", "key-a", invoice_body())
        assert again == written(ledger)


@both_flavours
def test_a_file_of_tieout_that_nobody_includes_any_more_still_tells_what_was_pushed(
    flavour: str, tmp_path: Path
) -> None:
    with session_on(flavour, tmp_path) as (session, ledger):
        session.push("receivable", "key-a", invoice_body())
        main = ledger / f"main{SUFFIXES[flavour]}"
        main.write_text(
            "\n".join(line for line in main.read_text("utf-8").split("\n") if "tieout" not in line), "utf-8"
        )

        found = session.find("receivable", "key-a")

    assert found is not None


def test_a_main_file_with_line_breaks_of_windows_keeps_them(tmp_path: Path) -> None:
    with session_on("hledger", tmp_path) as (session, ledger):
        main = ledger / "main.journal"
        main.write_bytes(main.read_bytes().replace(b"\n", b"\r\n"))

        session.push("receivable", "key-a", invoice_body())

        assert main.read_bytes().endswith(b"\r\n\r\ninclude tieout/index.journal\r\n")


def test_a_folder_that_includes_tieouts_files_by_a_pattern_needs_no_index(tmp_path: Path) -> None:
    with session_on("hledger", tmp_path) as (session, ledger):
        session.push("receivable", "key-a", invoice_body())
        (ledger / "tieout" / "index.journal").unlink()
        main = ledger / "main.journal"
        main.write_text(main.read_text("utf-8").replace("tieout/index.journal", "tieout/*.journal"), "utf-8")

        session.push("receivable", "key-b", invoice_body(issue_date="2026-12-01"))

        assert not (ledger / "tieout" / "index.journal").exists()
        assert session.find("receivable", "key-b") is not None


_ASSERTED = {
    "hledger": "2026-12-31 * Counted\n    Assets:Bank:Operating    0 NOK = 251505.00 NOK\n",
    "beancount": "2027-01-01 balance Assets:Bank:Operating  251505.00 NOK\n",
}


@both_flavours
def test_nothing_is_added_before_a_balance_that_the_ledger_asserts(flavour: str, tmp_path: Path) -> None:
    with session_on(flavour, tmp_path) as (session, ledger):
        entries = ledger / f"2026{SUFFIXES[flavour]}"
        entries.write_text(f"{entries.read_text('utf-8')}\n{_ASSERTED[flavour]}", "utf-8")
        session.push("receivable", "key-a", invoice_body())
        early, late = (payment_body("key-a", date=day) for day in ("2026-12-30", "2027-01-01"))

        with pytest.raises(PlatformFault, match=r"asserted for 2026-12-31 \(2026") as fault:
            session.push("payment_record", "key-early", early)

        assert fault.value.kind == "refused"
        assert session.push("payment_record", "key-late", late).platform_object_id == "key-late"


_CLOSED = {
    "opened": "2026-12-01 open Assets:Till NOK",
    "closed": "2020-01-01 open Assets:Till NOK\n2026-11-30 close Assets:Till",
}


@pytest.mark.parametrize("when", ["opened", "closed"])
def test_a_payment_on_a_day_when_the_account_was_not_open_is_refused(when: str, tmp_path: Path) -> None:
    paid_on = {"opened": "2026-11-30", "closed": "2026-12-01"}[when]
    with session_on("beancount", tmp_path) as (session, ledger):
        entries = ledger / "2026.beancount"
        entries.write_text(f"{entries.read_text('utf-8')}\n{_CLOSED[when]}\n", "utf-8")
        session.push("receivable", "key-a", invoice_body())

        with pytest.raises(PlatformFault, match=f"Assets:Till is {when}") as fault:
            session.push("payment_record", "key-b", payment_body("key-a", account="Assets:Till", date=paid_on))

    assert fault.value.kind == "refused"


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({"currency": "EUR"}, "Assets:Receivable takes NOK and not EUR"),
        ({"tax": "249.99"}, "the tax of the lines make 250.00, told are 249.99"),
        ({"instalments": [{"due_date": "2026-12-04", "amount": "1000.00"}]}, "the instalments make 1000.00"),
        ({"total": "1250.005"}, "more than 2 decimals"),
        ({"total": "1.25e3"}, "is not an amount"),
        ({"currency": "XYZ"}, "is not an ISO 4217 currency"),
        ({"lines": []}, "has no lines"),
        ({"counterparty": "C-404"}, "there is no customer 'C-404'"),
        ({"issue_date": "20.11.2026"}, "issue_date"),
        ({"number": None}, "number"),
    ],
)
def test_an_invoice_that_cannot_be_right_is_refused_with_the_reason(
    different: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with session_on("beancount", tmp_path) as (session, ledger):
        accounts = ledger / "accounts.beancount"
        accounts.write_text(accounts.read_text("utf-8").replace("open Assets:Receivable", "open Assets:Receivable NOK"))

        with pytest.raises(PlatformFault) as fault:
            session.push("receivable", "key-a", invoice_body(**different))

    assert fault.value.kind == "refused"
    assert said in fault.value.message


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"account": "9999"}, "there is no account '9999'"),
        ({"tax_rate": "V24"}, "there is no tax rate 'V24' in this ledger; it has I25, QC, V25"),
    ],
)
def test_a_line_that_names_what_the_ledger_does_not_have_is_refused(
    line: dict[str, Any], said: str, tmp_path: Path
) -> None:
    body = invoice_body()
    body["lines"][0] |= line
    with session_on("hledger", tmp_path) as (session, _), pytest.raises(PlatformFault) as fault:
        session.push("receivable", "key-a", body)

    assert (fault.value.kind, said in fault.value.message) == ("refused", True)


def test_a_ledger_that_does_not_say_where_debts_stand_is_told_how_to(tmp_path: Path) -> None:
    with session_on("hledger", tmp_path) as (session, ledger):
        accounts = ledger / "accounts.journal"
        accounts.write_text(accounts.read_text("utf-8").replace("role:receivable, ", ""), "utf-8")

        with pytest.raises(PlatformFault, match="what customers owe; give its declaration the tag role: receivable"):
            session.push("receivable", "key-a", invoice_body())


def test_a_folder_that_cannot_be_written_says_so_and_nothing_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with session_on("hledger", tmp_path) as (session, ledger):
        before = written(ledger)
        monkeypatch.setattr(Path, "replace", full)

        with pytest.raises(PlatformFault, match="No space left on device; nothing was changed") as fault:
            session.push("receivable", "key-a", invoice_body())

        assert fault.value.kind == "unavailable"
        assert written(ledger) == before
