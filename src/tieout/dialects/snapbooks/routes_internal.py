"""Internal reconciliations: listed and taken back. The vendor documents no way to make one."""

from starlette.responses import Response

from tieout.dialects.snapbooks.answers import gone, listed, page_of
from tieout.dialects.snapbooks.calling import Here, refuse, require
from tieout.dialects.snapbooks.parameters import created_between
from tieout.dialects.snapbooks.shapes_internal import write_internal
from tieout.services.external import internal_page, remove_internal
from tieout.services.journal import journal_entry
from tieout.services.lines import Condition, find_lines
from tieout.services.owning import entity_of_match

PER_PAGE = 100


def list_internal(here: Here) -> Response:
    """A page of the client account's internal reconciliations by id."""
    account = here.asked_client_account()
    query = here.asked.query
    page = page_of(query, PER_PAGE)
    parts = frozenset(part.strip() for part in query.text("with", "").split(","))
    records, found = require(
        internal_page(
            here.context,
            here.principal,
            account.id,
            _lines_asked_for(here, account.id),
            *created_between(query, "date_from", "date_to"),
            limit=page.size,
            offset=page.offset,
        )
    )
    wanted = sorted({leg.line_id for match in found for leg in match.allocations})
    lines = require(find_lines(here.context, here.principal, account.id, Condition("id", "in", wanted)))
    by_id = {each.line.id: each.line for each in lines}
    return listed([write_internal(match, by_id, parts=parts) for match in found], page, records)


def _lines_asked_for(here: Here, entity_id: int) -> list[int] | None:
    """The lines of a journal entry, or one of them; None where neither is asked for."""
    line_id = here.asked.query.optional_whole("journal_entry_line_id")
    entry_id = here.asked.query.optional_whole("journal_entry_id")
    asked = None if line_id is None else [line_id]
    if entry_id is None:
        return asked
    entry = journal_entry(here.context, here.principal, entity_id, entry_id)
    lines = [line.id for line in entry.lines] if hasattr(entry, "lines") else []
    return lines if asked is None else [each for each in lines if each in asked]


def delete_internal(here: Here) -> Response:
    """Undo one."""
    number = here.named("reconciliation")
    entity_id = entity_of_match(here.context, here.principal, number)
    if entity_id is None:
        refuse("not_found", "reconciliation")
    require(remove_internal(here.context, here.principal, entity_id, number))
    return gone()
