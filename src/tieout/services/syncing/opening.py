"""Opening the platform of a connection: its settings and secrets in, one session out."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tieout.contracts.platform import Platform, PlatformFault, PlatformSession
from tieout.contracts.sealing import CannotUnseal
from tieout.domain.connections import Connection
from tieout.domain.people import OPERATOR, Principal
from tieout.kernel.errors import Refusal
from tieout.kernel.names import nearest
from tieout.services.context import Context, Denied, denied
from tieout.services.syncing.connection_rows import secrets_of, settings_of


@contextmanager
def opened_platform(context: Context, connection: Connection) -> Iterator[PlatformSession]:
    """A session of the connection's platform. Never inside a transaction. Raises PlatformFault."""
    platform = context.platforms().get(connection.platform)
    if platform is None:
        raise PlatformFault("settings", f'this tieout has no platform "{connection.platform}"')
    try:
        secrets = secrets_of(context, connection, platform)
    except CannotUnseal as fault:
        raise PlatformFault("settings", f"{fault}; give them again") from None
    with platform.opened(with_defaults(platform, settings_of(connection)), secrets) as session:
        yield session


def with_defaults(platform: Platform, settings: Mapping[str, str]) -> dict[str, str]:
    """Every setting of the platform that is no secret, those that were not given with their default."""
    defaults = {
        field.name: field.default for field in platform.FIELDS if not field.secret and field.default is not None
    }
    return {**defaults, **settings}


def fault_denied(fault: PlatformFault) -> Denied:
    """The refusal of a request that needed the platform, with what it said."""
    return denied("platform_unavailable", "platform", kind=fault.kind, message=fault.message)


def local_refusals(
    context: Context, principal: Principal, platform: Platform, settings: Mapping[str, str]
) -> tuple[Refusal, ...]:
    """Which paths on this machine may not be named: all that lie below none of the process's `ledger_folders`.

    Whoever runs commands on the machine may name any.
    """
    if principal.user_id == OPERATOR:
        return ()
    roots = [Path(each).resolve() for each in context.settings.ledger_folders.split(os.pathsep) if each]
    named = [each.name for each in platform.FIELDS if each.local and settings.get(each.name)]
    return tuple(
        Refusal("not_allowed", f"settings.{name}")
        for name in named
        if not any(Path(settings[name]).resolve().is_relative_to(root) for root in roots)
    )


def given_refusals(
    platforms: Mapping[str, Platform],
    name: str,
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
    kept: Mapping[str, str],
) -> tuple[Refusal, ...]:
    """What is wrong with what a connection is told; kept: secrets that it was told before."""
    platform = platforms.get(name)
    if platform is None:
        return (Refusal("not_allowed", "platform", (("nearest", nearest(name, platforms) or ""),)),)
    open_names = {field.name for field in platform.FIELDS if not field.secret}
    secret_names = {field.name for field in platform.FIELDS if field.secret}
    found = [Refusal("not_allowed", f"settings.{each}") for each in sorted(set(settings) - open_names)]
    found += [Refusal("not_allowed", f"secrets.{each}") for each in sorted(set(secrets) - secret_names)]
    for field in platform.FIELDS:
        given = {**kept, **secrets} if field.secret else settings
        if field.default is None and not given.get(field.name):
            found.append(Refusal("required", f"{'secrets' if field.secret else 'settings'}.{field.name}"))
    return tuple(found)
