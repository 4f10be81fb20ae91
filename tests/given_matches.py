"""Lines and matches of an office in the words of a test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from tests.given_store import Office, given_context
from tieout.domain.accounts import Account
from tieout.domain.kinds import Side
from tieout.domain.lines import Line, Origin
from tieout.domain.match_records import StoredMatch
from tieout.domain.people import Principal
from tieout.proofs.certificate import Fault, Verifier
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context, Denied
from tieout.services.lines import LineRequest, enter_lines
from tieout.services.matching import AllocationRequest, MatchRequest, make_match
from tieout.services.payments import pay_instalment
from tieout.services.stored_matches import line_amounts, match_of
from tieout.store.protocols import LineNow
from tieout.store.sql.store import SqlStore

Answer = TypeVar("Answer")

# 5 January 2026, as days since 1970-01-01.
MONDAY = 20_458


@dataclass(frozen=True)
class Desk:
    """Somebody's work on one bank account of an office."""

    context: Context
    office: Office
    account: Account

    @property
    def entity_id(self) -> int:
        """The entity it is in."""
        return self.office.entity_id

    def money(self, minor_units: int, day: int = MONDAY, **fields: object) -> int:
        """A statement line of the account; its id."""
        return self.line("statement", "", minor_units, day, **fields)

    def invoice(self, minor_units: int, day: int = MONDAY, **fields: object) -> int:
        """An open item that names no account; its id. Positive is a receivable."""
        kind = "receivable" if minor_units >= 0 else "payable"
        return self.line("ledger", kind, minor_units, day, **{"account_id": 0, **fields})

    def paid(self, open_item: int, day: int = MONDAY) -> int:
        """Say that an open item was paid in full; its id."""
        amount = self.now(open_item).line.minor_units
        return accepted(pay_instalment(self.context, self.office.owner, self.entity_id, open_item, day, amount)).id

    def entry(self, minor_units: int, day: int = MONDAY, **fields: object) -> int:
        """A book entry of the account; its id."""
        return self.line("ledger", "journal_entry_line", minor_units, day, **fields)

    def line(self, side: Side, kind: str, minor_units: int, day: int, **fields: object) -> int:
        """Any line; its id."""
        values: Mapping[str, object] = {"account_id": self.account.id, "currency": self.account.currency, **fields}
        request = LineRequest(side=side, kind=kind, minor_units=minor_units, booking_day=day, **values)  # type: ignore[arg-type]
        (entered,) = accepted(enter_lines(self.context, self.office.owner, self.entity_id, [request]))
        return entered.id

    def tie(self, *lines: int, by: Principal | None = None, **request: object) -> StoredMatch | Denied:
        """Tie all that is left of these lines."""
        wanted = MatchRequest(allocations=tuple(AllocationRequest(line_id=line) for line in lines), **request)  # type: ignore[arg-type]
        return make_match(self.context, by or self.office.owner, self.entity_id, wanted)

    def tied(self, *lines: int, **request: object) -> StoredMatch:
        """Tie all that is left of these lines, which no rule refuses."""
        return accepted(self.tie(*lines, **request))  # type: ignore[arg-type]

    def now(self, line: int) -> LineNow:
        """A line as it counts now."""
        with self.context.store.reading() as view:
            found = view.line(self.entity_id, line)
        assert found is not None
        return found

    def left(self, *lines: int) -> list[int]:
        """What no live match uses of each line."""
        return [self.now(line).left_minor_units for line in lines]


@cache
def lasting_context(store: SqlStore, seed: str) -> Context:
    """One context for all examples of a property, so that chance goes on from one to the next."""
    return given_context(store, seed)


def given_desk(context: Context, office: Office, currency: str = "NOK", number: str = "") -> Desk:
    """A new bank account of the first entity."""
    request = AccountRequest(kind="bank", name="Bank", currency=currency, number=number)
    return Desk(context, office, accepted(open_account(context, office.owner, office.entity_id, request)))


def accepted(answer: Answer | Denied) -> Answer:
    """The answer of a service that no rule refused."""
    assert not isinstance(answer, Denied), answer.refusals
    return answer


def codes(answer: object) -> list[str]:
    """Why a service said no."""
    assert isinstance(answer, Denied), answer
    return list(answer.codes)


def faults_of_all(context: Context, entity_id: int, matches: Sequence[StoredMatch]) -> tuple[Fault, ...]:
    """What the verifier, which shares nothing with the engine, says of these matches together."""
    with context.store.reading() as view:
        lines = [now.line for now in view.lines(entity_id)]
    verifier = Verifier(line_amounts(lines))
    for match in matches:
        verifier.take(match_of(match))
    return verifier.faults()


def entered(context: Context, office: Office, requests: Sequence[LineRequest], origin: Origin) -> list[Line]:
    """Many lines at once."""
    return accepted(enter_lines(context, office.owner, office.entity_id, requests, origin))
