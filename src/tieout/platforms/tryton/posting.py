"""The one call that puts a draft into the books, and what became of it."""

from collections.abc import Callable, Sequence

from tieout.contracts.platform import PlatformFault, Pushed
from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.calls import TrytonWarned
from tieout.platforms.tryton.values import Row, microseconds_of

# Warnings about what was decided on our side: the day of the invoice, when it falls due, which tax a line bears. Any
# other, such as one of a similar invoice, is for somebody to look at, and ends in a refusal.
_MEANT = ("invoice_payment_term", "invoice_date_future", "invoice_taxes")
_WARNINGS_MAX = 5


def posted(
    books: Books, method: str, draft_id: int, find: Callable[[], Pushed | None], give_up: Callable[[], None]
) -> Pushed:
    """The draft, posted by `method`; `find` tells whether it is, `give_up` takes away a draft that was refused.

    Raises PlatformFault: refused when it is not in the books and never will be, unknown when that cannot be told.
    """
    try:
        _post(books, method, draft_id)
    except PlatformFault as fault:
        try:
            if made := find():
                return made
        except PlatformFault:
            raise PlatformFault("unknown", fault.message, fault.retry_after) from None
        if fault.kind == "refused":
            give_up()
        raise
    if made := find():
        return made
    raise PlatformFault("unknown", f"Tryton posted record {draft_id} and does not find it")


def without_fault(call: Callable[[], object]) -> None:
    """Clear away what nobody counts; where that fails the draft stays, and the next push of its key goes on with it."""
    try:
        call()
    except PlatformFault:
        return


def the_one(rows: Sequence[Row], finished: Sequence[str]) -> Row | None:
    """Of several records with one key the one that counts: a finished one, else the first."""
    return min(rows, key=lambda row: (row["state"] not in finished, row["id"]), default=None)


def pushed(row: Row) -> Pushed:
    """A record as what was made."""
    changed_at = max(microseconds_of(row["create_date"]), microseconds_of(row["write_date"]))
    return Pushed(str(row["id"]), changed_at or None)


def _post(books: Books, method: str, draft_id: int) -> None:
    for _ in range(_WARNINGS_MAX):
        try:
            books.server.post(method, [draft_id])
        except TrytonWarned as warned:
            if not warned.name.endswith(_MEANT):
                raise
            books.server.prepare("model.res.user.warning.skip", warned.name)
        else:
            return
    raise PlatformFault("refused", f"Tryton warns of more than {_WARNINGS_MAX} things about one record")
