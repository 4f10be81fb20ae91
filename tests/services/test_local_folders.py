"""Folders of the server's machine: whoever runs commands there names any, others only below what the process allows."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.given_matches import accepted
from tests.given_store import Office, given_office
from tests.platforms.journal.given import copied
from tieout.domain.people import Principal
from tieout.services.context import Context, Denied
from tieout.services.people.operator import operator
from tieout.services.syncing.connections import configure_connection, create_connection


def connected(context: Context, office: Office, who: Principal, folder: Path) -> tuple[str, ...]:
    """The codes of the refusals of a connection to a ledger there; none where it is connected."""
    made = accepted(create_connection(context, office.owner, office.entity_id))
    told = {"folder": str(folder), "format": "hledger"}
    answer = configure_connection(context, who, office.entity_id, made.id, "journal", told, {})
    return answer.codes if isinstance(answer, Denied) else ()


def allowing(context: Context, folder: Path) -> Context:
    """The same process, told that ledgers may stand below this folder."""
    return replace(context, settings=replace(context.settings, ledger_folders=str(folder)))


def test_whoever_runs_commands_on_the_machine_names_any_folder(context: Context, tmp_path: Path) -> None:
    office = given_office(context)

    acting = operator(context, office.organisation.id)

    assert connected(context, office, acting, copied("hledger", tmp_path)) == ()


def test_an_owner_names_a_folder_only_below_those_that_the_process_allows(context: Context, tmp_path: Path) -> None:
    office, ledger = given_office(context), copied("hledger", tmp_path)

    refused = connected(context, office, office.owner, ledger)
    elsewhere = connected(allowing(context, tmp_path / "other"), office, office.owner, ledger)
    below = connected(allowing(context, tmp_path), office, office.owner, ledger)

    assert (refused, elsewhere, below) == (("not_allowed",), ("not_allowed",), ())


@pytest.mark.parametrize("way", ["{allowed}/../{name}", "{allowed}/link"])
def test_no_way_leads_out_of_an_allowed_folder(context: Context, tmp_path: Path, way: str) -> None:
    office, ledger, allowed = given_office(context), copied("hledger", tmp_path), tmp_path / "allowed"
    allowed.mkdir()
    (allowed / "link").symlink_to(ledger)

    named = Path(way.format(allowed=allowed, name=ledger.name))

    assert connected(allowing(context, allowed), office, office.owner, named) == ("not_allowed",)
