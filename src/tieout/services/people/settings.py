"""Business settings: what an organisation decided for itself, or for one of its entities. Audited rows."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tieout.domain.people import Capability, Principal, Setting
from tieout.kernel.names import nearest
from tieout.services.context import Context, Denied, denied
from tieout.services.people.governing import not_governing
from tieout.services.permitting import not_permitted
from tieout.store.protocols import Reading, Scope

FOUR_EYES = "four_eyes"
WRITE_OFF_LIMIT = "write_off_limit"

_DIGITS_MAX = 15


class Known(NamedTuple):
    """A setting that there is: what it means, its value where nobody decided, and which values it takes."""

    meaning: str
    default: str
    takes: Callable[[str], bool]


def _on_or_off(value: str) -> bool:
    return value in ("on", "off")


def _minor_units(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= _DIGITS_MAX


KNOWN: Mapping[str, Known] = {
    FOUR_EYES: Known("nobody confirms, closes or reopens what they prepared themselves: on, off", "off", _on_or_off),
    WRITE_OFF_LIMIT: Known(
        "minor units of the entity's currency up to which one person alone writes off under four eyes",
        "0",
        _minor_units,
    ),
}


def set_setting(
    context: Context, principal: Principal, name: str, value: str, *, entity_id: int = 0
) -> Setting | Denied:
    """The setting with its new value, of one entity or, without one, of the whole organisation."""
    if entity_id and (refused := not_permitted(principal, Capability.CONFIGURE, entity_id)):
        return refused
    known = KNOWN.get(name)
    if known is None:
        return denied("not_allowed", "name", nearest=nearest(name, KNOWN) or "")
    if not known.takes(value):
        return denied("not_allowed", "value")
    at = context.now()
    scope = Scope("entity", entity_id) if entity_id else Scope("organisation", principal.organisation_id)
    with context.store.writing(scope, principal.name, "set_setting", at) as work:
        if not entity_id and (denial := not_governing(work, principal)):
            return denial
        before = _kept(work, principal.organisation_id, entity_id, name)
        if before is not None and before.value == value:
            return before
        made = Setting(
            organisation_id=principal.organisation_id, entity_id=entity_id, name=name, value=value, changed_at=at
        )
        if before is None:
            work.add(made)
        else:
            work.change(before, value=value, changed_at=at)
        return made


def setting(view: Reading, organisation_id: int, entity_id: int, name: str, default: str | None = None) -> str:
    """The value that counts in an entity: its own, else its organisation's, else `default`, else the product's."""
    for owner in dict.fromkeys((entity_id, 0)):
        kept = _kept(view, organisation_id, owner, name)
        if kept is not None:
            return kept.value
    return KNOWN[name].default if default is None else default


def _kept(view: Reading, organisation_id: int, entity_id: int, name: str) -> Setting | None:
    return view.one(Setting, organisation_id=organisation_id, entity_id=entity_id, name=name)
