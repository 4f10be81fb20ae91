"""What every accounting platform holds, whatever system it speaks to; a new one is found by the registry."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.platforms import (
    FoundPlatform,
    GivenPlatform,
    documented_keys,
    found_platforms,
    keys_of,
    platforms_without_given,
    pulled_all,
    pulled_pages,
)
from tieout.contracts.platform import PlatformFault, PlatformSession
from tieout.domain.connections import ObjectType
from tieout.kernel.money import AMOUNT

PLATFORMS = found_platforms()

every_platform = pytest.mark.parametrize(
    "found",
    [
        pytest.param(each, id=f"{each.name} {each.variant}".strip(), marks=[pytest.mark.slow] if each.slow else [])
        for each in PLATFORMS
    ],
)

_AMOUNTS = re.compile(r"(^|\.|\])(amount|price|total|tax|tax_amount|quantity|current_balance)$")
_DAYS = re.compile(r"(^|\.|\])(issue_date|due_date|booking_date)$")
_numbers = count(1)

# What people type, and what has a meaning in some system's files, pages or queries.
DIFFICULT_TEXTS = (
    'Nails, screws; 3 "boxes" | 5 % off',
    "Ødegård & Sønner <AS> 'Oslo'",
    "date:2026-99-99 [12/99] {x} @ 3 = 4",
    "back\\slash and %2C and tab\tend",
    "* ! (code) # tag ^link",
)


@contextmanager
def opened(found: FoundPlatform, folder: Path) -> Iterator[tuple[GivenPlatform, PlatformSession]]:
    """The platform as its tests give it, with a session on it."""
    with found.given(folder) as given, found.platform.opened(given.settings, given.secrets) as session:
        yield given, session


def new_key() -> str:
    """A key that no intent had before, as intents make them."""
    return f"tieout-conformance-{next(_numbers):06d}"


def test_the_registry_finds_the_platforms() -> None:
    assert {"journal"} <= {found.name for found in PLATFORMS}
    assert platforms_without_given() == [], "tests/platforms/<name>/given.py makes one that can be asked"


@every_platform
def test_a_platform_says_what_it_wants_and_what_it_can(found: FoundPlatform) -> None:
    platform = found.platform
    names = [field.name for field in platform.FIELDS]

    assert platform.TITLE
    assert len(set(names)) == len(names)
    assert all(field.meaning for field in platform.FIELDS)
    assert set(platform.PULLS) | set(platform.PUSHES) <= {str(object_type) for object_type in ObjectType}
    assert len(set(platform.PULLS)) == len(platform.PULLS)
    assert {"ledger_account", "journal_line"} <= set(platform.PULLS)


@every_platform
def test_a_platform_says_whose_books_they_are(found: FoundPlatform, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (_, session):
        business = session.business()

    assert business.name
    assert re.fullmatch("[A-Z]{3}", business.base_currency)


@every_platform
def test_what_cannot_work_is_said_in_words_and_by_kind(found: FoundPlatform, tmp_path: Path) -> None:
    with found.given(tmp_path) as given:
        wrong = given.wrong

        assert wrong
        for each in wrong:
            with (
                pytest.raises(PlatformFault) as fault,
                found.platform.opened(each.settings, each.secrets) as session,
            ):
                session.business()
            assert (fault.value.kind, bool(fault.value.message)) == (each.kind, True)
            assert not [secret for secret in each.secrets.values() if secret and secret in fault.value.message]


@every_platform
def test_a_setting_that_must_be_given_and_is_not_is_named(found: FoundPlatform, tmp_path: Path) -> None:
    with found.given(tmp_path) as given:
        for field in found.platform.FIELDS:
            if field.default is not None:
                continue
            settings = {name: value for name, value in given.settings.items() if name != field.name}
            secrets = {name: value for name, value in given.secrets.items() if name != field.name}
            with (
                pytest.raises(PlatformFault, match=field.name) as fault,
                found.platform.opened(settings, secrets) as session,
            ):
                session.business()
            assert fault.value.kind == "settings"


@every_platform
def test_pages_of_any_size_give_the_same_objects_once_in_the_same_order(found: FoundPlatform, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (_, session):
        for object_type in found.platform.PULLS:
            whole = [each.platform_object_id for each in pulled_all(session, object_type)[0]]
            size = 2 + len(whole) // 10
            pages = list(pulled_pages(session, object_type, "", size))

            assert all(len(page) <= size for page in pages)
            assert [each.platform_object_id for page in pages for each in page] == whole
            assert len(set(whole)) == len(whole)
            assert whole, f"the tests of the platform give no {object_type}"


@every_platform
def test_nothing_is_pulled_again_while_nothing_changes(found: FoundPlatform, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (_, session):
        for object_type in found.platform.PULLS:
            _, cursor = pulled_all(session, object_type)

            assert pulled_all(session, object_type, cursor) == ([], cursor)


@every_platform
def test_what_is_pulled_has_the_documented_keys_with_amounts_as_decimal_texts_and_iso_days(
    found: FoundPlatform, tmp_path: Path
) -> None:
    documented = documented_keys()
    with opened(found, tmp_path) as (_, session):
        for object_type in found.platform.PULLS:
            for pulled in pulled_all(session, object_type)[0]:
                keys = keys_of(pulled.content)

                assert pulled.object_type == object_type
                assert keys <= documented[object_type]
                assert {key for key in documented[object_type] if "[]" not in key} <= keys
                assert json.loads(json.dumps(pulled.content)) == pulled.content

                for path, value in _leaves(pulled.content):
                    if _AMOUNTS.search(path):
                        assert value is None or AMOUNT.fullmatch(str(value)), (path, value)
                        assert value is None or isinstance(value, str), (path, value)
                    if _DAYS.search(path):
                        assert date.fromisoformat(str(value)).isoformat() == value, (path, value)


@every_platform
def test_the_spans_hold_every_object_that_is_pulled_once(found: FoundPlatform, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (_, session):
        for object_type in ("receivable", "bill", "journal_line"):
            spans = session.spans(object_type)
            by_span = {span: list(session.ids(object_type, span)) for span in spans}
            pulled = [each.platform_object_id for each in pulled_all(session, object_type)[0]]

            assert {span: len(ids) for span, ids in by_span.items()} == {span: spans[span].objects for span in spans}
            assert sorted(chain.from_iterable(by_span.values())) == sorted(pulled)
            assert session.spans(object_type) == spans


@every_platform
def test_a_journal_entry_that_is_edited_changes_its_span_alone(found: FoundPlatform, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (given, session):
        before = session.spans("journal_line")
        _, cursor = pulled_all(session, "journal_line")

        given.edit()

        after = session.spans("journal_line")
        assert len(_changed(before, after)) == 1
        assert pulled_all(session, "journal_line", cursor)[0]


@every_platform
def test_a_journal_entry_that_is_deleted_is_gone_from_its_span(found: FoundPlatform, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (given, session):
        before = {span: set(session.ids("journal_line", span)) for span in session.spans("journal_line")}
        spans_before = session.spans("journal_line")

        given.delete()

        after = {span: set(session.ids("journal_line", span)) for span in session.spans("journal_line")}
        gone = {span: ids - after.get(span, set()) for span, ids in before.items()}
        assert [span for span, ids in gone.items() if ids] == _changed(spans_before, session.spans("journal_line"))
        assert sum(len(ids) for ids in gone.values()) > 0


@every_platform
def test_what_is_pushed_twice_under_a_key_is_there_once_and_found_by_whoever_comes_after(
    found: FoundPlatform, tmp_path: Path
) -> None:
    with opened(found, tmp_path) as (given, session):
        first = {}
        for object_type in found.platform.PUSHES:
            key, body = new_key(), given.body(object_type, session)
            assert session.find(object_type, key) is None

            first[object_type, key] = session.push(object_type, key, body).platform_object_id

            assert session.push(object_type, key, body).platform_object_id == first[object_type, key]
        with found.platform.opened(given.settings, given.secrets) as another:
            evidence = {each: [one.find(*each) for one in (session, another)] for each in first}

        for each, told in evidence.items():
            assert [one.platform_object_id for one in told if one is not None] == [first[each]] * 2


@every_platform
def test_what_is_pushed_is_pulled_behind_the_cursor_with_its_key(found: FoundPlatform, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (given, session):
        for object_type in set(found.platform.PUSHES) & set(found.platform.PULLS):
            body = given.body(object_type, session)
            _, cursor = pulled_all(session, object_type)
            key = new_key()

            pushed = session.push(object_type, key, body)

            behind, _ = pulled_all(session, object_type, cursor)
            assert [each.platform_object_id for each in behind if each.key == key] == [pushed.platform_object_id]


@every_platform
@pytest.mark.parametrize("object_type", ["receivable", "bill"])
def test_an_invoice_comes_back_as_it_was_told(found: FoundPlatform, object_type: str, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (given, session):
        body = given.body(object_type, session)

        pushed = session.push(object_type, new_key(), body)

        content = next(
            each.content
            for each in pulled_all(session, object_type)[0]
            if each.platform_object_id == pushed.platform_object_id
        )
        told = {name: value for name, value in body.items() if name != "counterparty_tax_number"}
        assert {name: content[name] for name in told} == told
        assert content["status"] == "open"


@every_platform
def test_texts_come_back_as_they_were_told(found: FoundPlatform, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (given, session):
        told, texts = {}, list(DIFFICULT_TEXTS)
        while texts:
            body = dict(given.body("receivable", session))
            body["lines"] = [{**line, "description": texts.pop() if texts else "Plain"} for line in body["lines"]]
            told[session.push("receivable", new_key(), body).platform_object_id] = body["lines"]

        contents = {each.platform_object_id: each.content for each in pulled_all(session, "receivable")[0]}

        for pushed, lines in told.items():
            came_back = [line["description"] for line in contents[pushed]["lines"]]
            assert came_back == [line["description"] for line in lines]


@every_platform
def test_an_invoice_that_is_paid_says_so(found: FoundPlatform, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (given, session):
        payment = given.body("payment_record", session)

        session.push("payment_record", new_key(), payment)

        (content,) = [
            each.content
            for object_type in ("receivable", "bill")
            for each in pulled_all(session, object_type)[0]
            if each.platform_object_id == payment["invoice"]
        ]
        assert content["status"] == ("paid" if content["total"] == payment["amount"] else "open")


@every_platform
def test_what_a_platform_says_no_to_leaves_nothing(found: FoundPlatform, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (given, session):
        bodies = {object_type: given.refused(object_type, session) for object_type in found.platform.PUSHES}
        before = session.spans("journal_line")

        for object_type, body in bodies.items():
            key = new_key()
            with pytest.raises(PlatformFault) as fault:
                session.push(object_type, key, body)

            assert (fault.value.kind, bool(fault.value.message)) == ("refused", True)
            assert session.find(object_type, key) is None

        assert session.spans("journal_line") == before


@every_platform
def test_object_types_that_it_does_not_have_are_refused(found: FoundPlatform, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (_, session):
        for ask in (
            lambda: session.pull("no_such_type", "", 10),
            lambda: session.push("no_such_type", new_key(), {}),
            lambda: session.find("no_such_type", new_key()),
            lambda: session.spans("no_such_type"),
        ):
            with pytest.raises(PlatformFault, match="no_such_type") as fault:
                ask()
            assert fault.value.kind == "refused"


@every_platform
def test_a_span_that_it_does_not_have_is_empty(found: FoundPlatform, tmp_path: Path) -> None:
    with opened(found, tmp_path) as (_, session):
        assert list(session.ids("journal_line", "1901-01")) == []


@every_platform
def test_the_documentation_names_the_platform_and_its_settings(found: FoundPlatform) -> None:
    documented = documented_keys()

    assert set(found.platform.PULLS) <= documented.keys()
    assert {field.name for field in found.platform.FIELDS} <= documented[found.name]


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return sorted(span for span in before.keys() | after.keys() if before.get(span) != after.get(span))


def _leaves(content: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(content, Mapping):
        for name, value in content.items():
            yield from _leaves(value, f"{path}.{name}")
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _leaves(value, f"{path}[]")
    else:
        yield path, content
