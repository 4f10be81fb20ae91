"""`tieout user`: who signs in, and what they may do where."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.asking import asked
from tieout.cli.database import AsJson, Database, accepted, opened
from tieout.cli.entity import principal_over
from tieout.cli.exit_status import REFUSED
from tieout.cli.output import complain, write
from tieout.kernel.errors import UsageError

if TYPE_CHECKING:
    from tieout.domain.people import Principal, Role, User
    from tieout.services.context import Context

user = typer.Typer()

_EMAIL = typer.Argument(metavar="EMAIL", help="The address by which the user signs in.")
_ROLES = typer.Option(
    "--role", metavar="ENTITY=ROLE", help="A role in an entity: reader, preparer, approver or owner; again for more."
)


@user.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Users: who signs in, and what they may do where."""
    if context.invoked_subcommand is None:
        complain(context.get_help())
        raise typer.Exit(REFUSED)


@user.command()
def add(
    email: Annotated[str, _EMAIL],
    *,
    name: Annotated[str, typer.Option(metavar="NAME", help="The user's name.")],
    role: Annotated[list[str], _ROLES],
    database: Database = None,
) -> None:
    """Add a user, and print its id. The password is asked for, or read from standard input.

    For example: tieout user add ada@nordic.example --name "Ada Berg" --role 3=approver
    """
    from tieout.services.people.users import UserRequest, create_user

    roles = dict(map(_role, role))
    with opened(database) as context:
        principal = principal_over(context, min(roles))
        request = UserRequest(email=email, name=name, password=asked("password"), roles=roles)
        made = accepted(create_user(context, principal, request))
    write(f"{made.id}\n".encode())


@user.command("list")
def list_users(*, as_json: AsJson = False, database: Database = None) -> None:
    """List the users with their roles.

    For example: tieout user list --json
    """
    from tieout.cli.people_tables import answer_with, instant
    from tieout.services.people.operator import operator
    from tieout.services.people.organisations import organisations
    from tieout.services.people.users import roles_of, users

    with opened(database) as context:
        rows = [
            {
                "id": each.id,
                "email": each.email,
                "name": each.name,
                "roles": [f"{entity}={role}" for entity, role in sorted(roles_of(context, principal, each.id).items())],
                "disabled": instant(each.disabled_at),
                "public id": each.public_id,
            }
            for owner in organisations(context)
            for principal in [operator(context, owner.id)]
            for each in users(context, principal)
        ]
    answer_with(rows, ("id", "email", "name", "roles", "disabled"), as_json=as_json)


@user.command()
def grant(
    email: Annotated[str, _EMAIL],
    *,
    role: Annotated[str, typer.Option("--role", metavar="ENTITY=ROLE", help="The role in an entity.")],
    database: Database = None,
) -> None:
    """Give a user a role in an entity, in place of the one before.

    For example: tieout user grant ada@nordic.example --role 3=owner
    """
    from tieout.services.people.grants import grant as give

    entity_id, wanted = _role(role)
    with opened(database) as context:
        principal, found = known(context, email)
        accepted(give(context, principal, entity_id, found.id, wanted))


@user.command()
def revoke(
    email: Annotated[str, _EMAIL],
    *,
    entity_id: Annotated[int, typer.Option("--entity", metavar="ID", help="The id of the entity.")],
    database: Database = None,
) -> None:
    """Take a user's role in an entity away.

    For example: tieout user revoke ada@nordic.example --entity 3
    """
    from tieout.services.people.grants import revoke_grant

    with opened(database) as context:
        principal, found = known(context, email)
        accepted(revoke_grant(context, principal, entity_id, found.id))


@user.command()
def disable(email: Annotated[str, _EMAIL], *, database: Database = None) -> None:
    """Let a user sign in no more, and refuse its tokens; what it did stays.

    For example: tieout user disable ada@nordic.example
    """
    from tieout.services.people.users import disable_user

    with opened(database) as context:
        principal, found = known(context, email)
        accepted(disable_user(context, principal, found.id))


@user.command()
def enable(email: Annotated[str, _EMAIL], *, database: Database = None) -> None:
    """Let a disabled user sign in again.

    For example: tieout user enable ada@nordic.example
    """
    from tieout.services.people.users import enable_user

    with opened(database) as context:
        principal, found = known(context, email)
        accepted(enable_user(context, principal, found.id))


@user.command()
def password(email: Annotated[str, _EMAIL], *, database: Database = None) -> None:
    """Give a user another password, and sign it out everywhere. It is asked for, or read from standard input.

    For example: tieout user password ada@nordic.example
    """
    from tieout.services.people.users import change_password

    with opened(database) as context:
        principal, found = known(context, email)
        accepted(change_password(context, principal, found.id, asked("password")))


@user.command("memorable-word")
def memorable_word(email: Annotated[str, _EMAIL], *, database: Database = None) -> None:
    """Give a user the memorable word for KashFlow's clients. It is asked for, or read from standard input.

    For example: tieout user memorable-word ada@nordic.example
    """
    from tieout.services.people.secrets import keep_secret
    from tieout.services.people.signing_in import MEMORABLE_WORD

    with opened(database) as context:
        principal, found = known(context, email)
        word = asked("memorable word")
        accepted(keep_secret(context, principal, f"user:{found.id}", MEMORABLE_WORD, word))


def known(context: "Context", email: str) -> "tuple[Principal, User]":
    """Who the command is in the organisation of a user, and the user. Raises UsageError where there is no such user."""
    from tieout.services.people.operator import operator
    from tieout.services.people.users import user_with_email

    found = user_with_email(context, email)
    if found is None:
        raise UsageError(f"there is no user {email}; see tieout user list")
    return operator(context, found.organisation_id), found


def _role(text: str) -> "tuple[int, Role]":
    from tieout.domain.people import Role
    from tieout.kernel.names import did_you_mean

    entity, equals, name = text.partition("=")
    if not (equals and entity.isascii() and entity.isdecimal()):
        raise UsageError(f"--role {text}: write ENTITY=ROLE, for example 3=approver")
    roles: Sequence[str] = [str(each) for each in Role]
    if name not in roles:
        raise UsageError(f"--role {text}: there is no role {name}; {did_you_mean(name, roles)}")
    return int(entity), Role(name)
