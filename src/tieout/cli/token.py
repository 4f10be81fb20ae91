"""`tieout token`: credentials by which programs act as a user."""

from typing import Annotated

import typer

from tieout.cli.client import client
from tieout.cli.database import AsJson, Database, accepted, opened
from tieout.cli.exit_status import REFUSED
from tieout.cli.output import complain, write
from tieout.cli.token_usage import unblock, usage
from tieout.cli.user import known
from tieout.kernel.errors import UsageError

token = typer.Typer()
token.add_typer(client, name="client")
token.command()(usage)
token.command()(unblock)


@token.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Tokens: credentials by which programs act as a user, each for one API."""
    if context.invoked_subcommand is None:
        complain(context.get_help())
        raise typer.Exit(REFUSED)


@token.command()
def issue(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The user that it acts as.")],
    *,
    face: Annotated[str, typer.Option(metavar="NAME", help="The API it is for: native, fintera, snapbooks, ...")],
    entity: Annotated[
        list[int] | None, typer.Option(metavar="ID", help="Narrow it to this entity; again for more.")
    ] = None,
    post: Annotated[bool, typer.Option("--post", help="Let it confirm matches without a second person.")] = False,
    days: Annotated[int | None, typer.Option(metavar="N", help="How many days it is good for.")] = None,
    label: Annotated[str, typer.Option(metavar="TEXT", help="What it is for.")] = "",
    database: Database = None,
) -> None:
    """Issue a token and print it, this once: only a digest is kept.

    For example: tieout token issue ada@nordic.example --face fintera --entity 3 --days 90 --label "ERP export"
    """
    from tieout.domain.people import Face
    from tieout.kernel.names import did_you_mean
    from tieout.services.people.tokens import issue_token

    faces = [str(each) for each in Face]
    if face not in faces:
        raise UsageError(f"--face {face}: there is no such API; {did_you_mean(face, faces)}")
    with opened(database) as context:
        principal, found = known(context, email)
        issued = accepted(
            issue_token(
                context,
                principal,
                found.id,
                Face(face),
                entities=tuple(entity or ()),
                post=post,
                days=days,
                label=label,
            )
        )
    write(f"{issued.text}\n".encode())


@token.command("list")
def list_tokens(*, as_json: AsJson = False, database: Database = None) -> None:
    """List the tokens: whose they are, what for, when they were last used.

    For example: tieout token list --json
    """
    from tieout.cli.people_tables import answer_with, instant
    from tieout.services.people.operator import operator
    from tieout.services.people.organisations import organisations
    from tieout.services.people.tokens import tokens
    from tieout.services.people.users import users

    with opened(database) as context:
        principals = [operator(context, each.id) for each in organisations(context)]
        emails = {each.id: each.email for principal in principals for each in users(context, principal)}
        rows = [
            {
                "id": kept.id,
                "user": emails[kept.user_id],
                "face": kept.face,
                "label": kept.label,
                "entities": [int(each) for each in kept.entities.split()],
                "post": kept.post,
                "good": good,
                "expires": instant(kept.expires_at),
                "last used": instant(last_used_at),
            }
            for principal in principals
            for kept, last_used_at, good in tokens(context, principal)
        ]
    headings = ("id", "user", "face", "label", "entities", "post", "good", "expires", "last used")
    answer_with(rows, headings, as_json=as_json)


@token.command()
def revoke(
    token_id: Annotated[int, typer.Argument(metavar="ID", help="The id of the token.")], *, database: Database = None
) -> None:
    """Refuse a token from now on.

    For example: tieout token revoke 7
    """
    from tieout.services.people.operator import operator
    from tieout.services.people.organisations import organisations
    from tieout.services.people.tokens import revoke_token, tokens

    with opened(database) as context:
        for each in organisations(context):
            principal = operator(context, each.id)
            if any(kept.token.id == token_id for kept in tokens(context, principal)):
                accepted(revoke_token(context, principal, token_id))
                return
    raise UsageError(f"there is no token {token_id}; see tieout token list")
