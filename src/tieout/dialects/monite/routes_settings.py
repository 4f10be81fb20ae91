"""Settings: what is sent to the accounting system where nothing else is said, and the partner's version."""

from starlette.responses import Response

from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_faults import HttpFault, RequestFault
from tieout.dialects.monite.calling import Call, refuse, require
from tieout.dialects.monite.shapes_settings import (
    EntitySettingsBody,
    PartnerSettingsAnswer,
    PartnerSettingsBody,
    Place,
    read_entity_settings,
    write_entity_settings,
)
from tieout.dialects.monite.versions import VERSIONS
from tieout.domain.people import Entity
from tieout.services.context import Denied
from tieout.services.people.entities import entity_of_public_id
from tieout.services.people.settings import MONITE_API_VERSION, set_settings
from tieout.services.people.settings_now import organisation_setting, settings_now
from tieout.services.syncing.synced_records import synced_record


def show_entity_settings(call: Call) -> Response:
    """The settings of the entity of the path."""
    return _entity_settings(call, _entity(call))


def change_entity_settings(call: Call) -> Response:
    """Change what the body names, all of it or nothing."""
    entity, body = _entity(call), call.body(EntitySettingsBody)
    named = list(read_entity_settings(body))
    wrong = [fault for place, value in named if (fault := _fault(call, entity, place, value)) is not None]
    if wrong:
        raise RequestFault(*wrong)
    values = {place.setting: value for place, value in named}
    if values:
        require(set_settings(call.context, call.principal, values, entity_id=entity.id))
    return _entity_settings(call, entity)


def show_partner_settings(call: Call) -> Response:
    """The settings of the partner, for whoever acts for all of its entities."""
    return json_answer(
        PartnerSettingsAnswer(require(organisation_setting(call.context, call.principal, MONITE_API_VERSION)))
    )


def change_partner_settings(call: Call) -> Response:
    """Change what the body names."""
    version = call.body(PartnerSettingsBody).api_version
    if isinstance(version, str):
        if version not in VERSIONS:
            said = f"this must be one of {', '.join(VERSIONS)}"
            raise RequestFault(HttpFault(422, "not_allowed", said, "body/api_version"))
        require(set_settings(call.context, call.principal, {MONITE_API_VERSION: version}))
    return show_partner_settings(call)


def _entity(call: Call) -> Entity:
    """The entity of the path. Raises Refused: unknown and foreign ones are not found, alike."""
    found = entity_of_public_id(call.context, call.principal, call.public_id("entity_id"))
    return refuse("not_found", "") if isinstance(found, Denied) else found


def _entity_settings(call: Call, entity: Entity) -> Response:
    known = require(settings_now(call.context, call.principal, entity.id))
    return json_answer(write_entity_settings({each.name: each.value for each in known}))


def _fault(call: Call, entity: Entity, place: Place, value: str) -> HttpFault | None:
    """What is wrong with an id: it is none of the accounting system's."""
    if not value:
        return None
    found = synced_record(call.context, call.principal, entity.id, value)
    if not isinstance(found, Denied) and found.object_type == place.object_type and not found.gone:
        return None
    what = f"the accounting system has no such {place.object_type.replace('_', ' ')}"
    return HttpFault(422, "unknown_id", what, f"body/accounting.{'.'.join(place.path)}")
