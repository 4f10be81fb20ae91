"""Business settings: what an organisation decided for itself, or for one of its entities. Audited rows."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tieout.domain.people import Capability, Principal, Setting
from tieout.kernel.errors import Refusal
from tieout.kernel.names import nearest
from tieout.services.context import Context, Denied
from tieout.services.people.governing import not_governing
from tieout.services.permitting import not_permitted
from tieout.store.protocols import Reading, Scope, Writing

FOUR_EYES = "four_eyes"
WRITE_OFF_LIMIT = "write_off_limit"
PAYMENTS_ACCOUNT = "accounting_payments_account"
PRODUCTS_ACCOUNT = "accounting_products_account"
DEDUCTIONS_TAX = "accounting_deductions_tax"
MONITE_API_VERSION = "monite_api_version"
SETTLEMENT_TERM_DAYS = "settlement_term_days"
SYNC_MINUTES = "sync_minutes"

_DIGITS_MAX = 15
_TERM_DAYS_MAX = 3_650
_PUBLIC_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Known(NamedTuple):
    """A setting that there is: what it means, its value where nobody decided, and which values it takes."""

    meaning: str
    default: str
    takes: Callable[[str], bool]


def _on_or_off(value: str) -> bool:
    return value in ("on", "off")


def _minor_units(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= _DIGITS_MAX


def _term_days(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= _DIGITS_MAX and 1 <= int(value) <= _TERM_DAYS_MAX


def _public_id(value: str) -> bool:
    return not value or _PUBLIC_ID.fullmatch(value) is not None


def _minutes(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= 6 and 5 <= int(value) <= 366 * 24 * 60


def _day(value: str) -> bool:
    return _DAY.fullmatch(value) is not None


KNOWN: Mapping[str, Known] = {
    FOUR_EYES: Known("nobody confirms, closes or reopens what they prepared themselves: on, off", "off", _on_or_off),
    WRITE_OFF_LIMIT: Known(
        "minor units of the entity's currency up to which one person alone writes off under four eyes",
        "0",
        _minor_units,
    ),
    PAYMENTS_ACCOUNT: Known(
        "public id of the accounting platform's ledger account that payments are sent to; empty: none",
        "",
        _public_id,
    ),
    PRODUCTS_ACCOUNT: Known(
        "public id of the accounting platform's ledger account of lines that name none; empty: none", "", _public_id
    ),
    DEDUCTIONS_TAX: Known("public id of the accounting platform's tax rate of deductions; empty: none", "", _public_id),
    SYNC_MINUTES: Known(
        "minutes between two syncs with an accounting platform, from the next one on: 5 to 527040",
        "1440",
        _minutes,
    ),
    MONITE_API_VERSION: Known(
        "the version of Monite's API that the organisation's software is written for", "2024-05-25", _day
    ),
    SETTLEMENT_TERM_DAYS: Known(
        "days after which what a provider holds back, charged back or never paid is a difference: 1 to 3650",
        "60",
        _term_days,
    ),
}


def set_setting(
    context: Context, principal: Principal, name: str, value: str, *, entity_id: int = 0
) -> Setting | Denied:
    """The setting with its new value, of one entity or, without one, of the whole organisation."""
    changed = set_settings(context, principal, {name: value}, entity_id=entity_id)
    return changed if isinstance(changed, Denied) else changed[0]


def set_settings(
    context: Context, principal: Principal, values: Mapping[str, str], *, entity_id: int = 0
) -> list[Setting] | Denied:
    """The settings with their new values, all or none; of one entity or, without one, of the whole organisation."""
    if entity_id and (refused := not_permitted(principal, Capability.CONFIGURE, entity_id)):
        return refused
    if refusals := [refusal for name, value in values.items() for refusal in _refusals(name, value)]:
        return Denied(tuple(refusals))
    at = context.now()
    scope = Scope("entity", entity_id) if entity_id else Scope("organisation", principal.organisation_id)
    with context.store.writing(scope, principal.name, "set_setting", at) as work:
        if not entity_id and (denial := not_governing(work, principal)):
            return denial
        made = [
            Setting(
                organisation_id=principal.organisation_id, entity_id=entity_id, name=name, value=value, changed_at=at
            )
            for name, value in values.items()
        ]
        return [_kept_now(work, each) for each in made]


def _refusals(name: str, value: str) -> tuple[Refusal, ...]:
    known = KNOWN.get(name)
    if known is None:
        return (Refusal("not_allowed", "name", (("nearest", nearest(name, KNOWN) or ""),)),)
    return () if known.takes(value) else (Refusal("not_allowed", "value"),)


def _kept_now(work: Writing, made: Setting) -> Setting:
    """The setting as it is kept; one whose value does not change stays as it was."""
    before = _kept(work, made.organisation_id, made.entity_id, made.name)
    if before is not None and before.value == made.value:
        return before
    if before is None:
        work.add(made)
    else:
        work.change(before, value=made.value, changed_at=made.changed_at)
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
