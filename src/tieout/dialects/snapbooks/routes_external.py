"""External reconciliations: listed, stated, taken back."""

from starlette.responses import Response

from tieout.dialects.snapbooks.answers import gone, listed, page_of, shown
from tieout.dialects.snapbooks.calling import Here, Refused, refuse, require
from tieout.dialects.snapbooks.parameters import created_between
from tieout.dialects.snapbooks.shapes_external import (
    RELATION_TYPES,
    Entry,
    ExternalBody,
    Stated,
    line_ids,
    read_extra,
    stated_by,
    write_external,
    write_extra,
)
from tieout.dialects.snapbooks.stating import StatedRecords, is_note, match_request, stated_in
from tieout.domain.notes import Note
from tieout.domain.people import Entity
from tieout.kernel.errors import Refusal
from tieout.services.context import Denied
from tieout.services.external import Choice, External, external_page, make_note, remove_external
from tieout.services.lines import Condition, find_lines
from tieout.services.matching import make_match
from tieout.services.owning import entity_of_match

PER_PAGE = 25


def list_external(here: Here) -> Response:
    """A page of the client account's external reconciliations by id, entries included."""
    account = here.asked_client_account()
    query = here.asked.query
    page = page_of(query, PER_PAGE)
    relation = _Relation(
        query.choice("relation_type", None, RELATION_TYPES),
        query.optional_whole("relation_id"),
        query.optional_whole("relation_line_id"),
    )
    records, found = require(
        external_page(
            here.context,
            here.principal,
            account.id,
            relation.choice(account.currency),
            *created_between(query, "from_date", "to_date"),
            limit=page.size,
            offset=page.offset,
        )
    )
    return listed([write_external(each, account.id, account.currency) for each in found], page, records)


class _Relation:
    """What the entries of a reconciliation are asked for; None asks for nothing."""

    def __init__(self, relation_type: str | None, relation_id: int | None, relation_line_id: int | None) -> None:
        self._type, self._id, self._line_id = relation_type, relation_id, relation_line_id

    def choice(self, functional: str) -> Choice | None:
        """The choice; every match has entries of both types."""
        if (self._type, self._id, self._line_id) == (None, None, None):
            return None
        return Choice(
            wants=lambda external: any(map(self._names, stated_by(external, functional).entries)),
            line_ids=None if self._id is None else (self._id,),
        )

    def _names(self, entry: Entry) -> bool:
        return (
            self._type in (None, entry.relation_type)
            and self._id in (None, entry.relation_id)
            and self._line_id in (None, entry.relation_line_id)
        )


def create_external(here: Here) -> Response:
    """A match where the entries are of both sides, otherwise a note."""
    body = here.body(ExternalBody)
    account = here.client_account(body.client_account_id)
    stated = stated_in(body)
    if is_note(stated):
        made: External = _noted(here, account, stated)
    else:
        request = match_request(stated, account.currency)
        answer = make_match(here.context, here.principal, account.id, request, check=StatedRecords(stated))
        if isinstance(answer, Denied):
            raise Refused(*_without_following(answer))
        made = answer
    return shown(write_external(made, account.id, account.currency), 201)


def _without_following(denial: Denied) -> list[Refusal]:
    """The refusals without those that only follow from a record that there is not."""
    unknown = {refusal.concerns for refusal in denial.refusals if refusal.code == "line_unknown"}
    if not unknown:
        return list(denial.refusals)
    return [
        each
        for each in denial.refusals
        if each.code == "line_unknown" or (each.concerns not in unknown and each.code not in _FOLLOWING)
    ]


# What cannot be told while a record is missing.
_FOLLOWING = ("accounts_differ", "residual_remains", "side_missing")


def _noted(here: Here, account: Entity, stated: Stated) -> Note:
    lines = line_ids(stated)
    found = require(find_lines(here.context, here.principal, account.id, Condition("id", "in", lines)))
    known = {each.line.id for each in found}
    refusals = [Refusal("line_unknown", str(number)) for number in lines if number not in known]
    refusals += StatedRecords(stated)(found)
    if refusals:
        raise Refused(*refusals)
    return require(make_note(here.context, here.principal, account.id, lines, write_extra(stated)))


def delete_external(here: Here) -> Response:
    """Undo the match or remove the note."""
    number = here.named("external_reconciliation")
    entity_id = entity_of_match(here.context, here.principal, number)
    if entity_id is None:
        refuse("not_found", "external_reconciliation")
    require(remove_external(here.context, here.principal, entity_id, number, _lines_of))
    return gone()


def _lines_of(note: Note) -> list[int]:
    stated = read_extra(note.extra)
    return [] if stated is None else list(line_ids(stated))
