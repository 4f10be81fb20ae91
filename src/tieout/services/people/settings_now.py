"""The settings that there are, as they count in an entity."""

from typing import NamedTuple

from tieout.domain.people import Capability, Principal
from tieout.services.context import Context, Denied
from tieout.services.people.governing import not_governing
from tieout.services.people.settings import KNOWN, setting
from tieout.services.permitting import not_permitted


class SettingNow(NamedTuple):
    """A setting with the value that counts and what it means."""

    name: str
    value: str
    meaning: str


def settings_now(context: Context, principal: Principal, entity_id: int) -> list[SettingNow] | Denied:
    """Every setting by name, decided on or not. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return [
            SettingNow(name, setting(view, principal.organisation_id, entity_id, name), known.meaning)
            for name, known in sorted(KNOWN.items())
        ]


def organisation_setting(context: Context, principal: Principal, name: str) -> str | Denied:
    """What counts for the whole organisation. Needs who owns every entity of it."""
    with context.store.reading() as view:
        if refused := not_governing(view, principal):
            return refused
        return setting(view, principal.organisation_id, 0, name)
