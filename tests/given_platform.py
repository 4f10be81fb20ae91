"""An accounting platform that is a few dictionaries, and behaves as well or as badly as a test wants.

It keeps its part of the contract, one object for each key, and nothing else: calls are doubled, dropped, delayed and
answered with lies as its `chance` says, and `says` gives single calls a fault.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tests.given_jobs import given_empty_queue
from tests.given_store import Office
from tieout.contracts.platform import Business, PlatformFault, Pulled, PulledPage, Pushed, SettingField, SpanSum
from tieout.domain.connections import Connection
from tieout.domain.people import Face, Principal, Role
from tieout.domain.work import ScheduleState
from tieout.services.context import Context, Denied
from tieout.services.jobs import run_queued
from tieout.services.syncing.connections import configure_connection, connection, create_connection

PULLED = ("ledger_account", "tax_rate", "customer", "vendor", "receivable", "bill", "journal_line")
PUSHED = ("customer", "vendor", "receivable", "bill", "payment_record", "match")
FIELDS = (SettingField("address", "where it is"), SettingField("password", "of its only user", secret=True))
COMPANY = Business("Nordic Trading", "Nordic Trading AS", "NOK", "books@nordic.example", "company")
SETTINGS = {"address": "https://books.example"}
SECRETS = {"password": "correct horse"}

Body = Mapping[str, Any]


@dataclass
class There:
    """One object that the platform has."""

    id: str
    content: dict[str, Any]
    key: str = ""
    changed: int = 0  # place in the order of changes


@dataclass
class Stub:
    """The platform and its only company."""

    TITLE: str = "Stub"
    FIELDS: Sequence[SettingField] = FIELDS
    PULLS: Sequence[str] = PULLED
    PUSHES: Sequence[str] = PUSHED

    objects: dict[str, dict[str, There]] = field(default_factory=lambda: defaultdict(dict))
    calls: list[tuple[str, str]] = field(default_factory=list)
    delayed: list[tuple[str, str, Body]] = field(default_factory=list)
    chance: Random | None = None  # of a test that wants calls to go wrong
    share: float = 0.3  # of the calls that go wrong
    says: Callable[[str, str], PlatformFault | None] = lambda _call, _object_type: None
    page: Callable[[PulledPage], PulledPage] = lambda page: page
    company: Business = COMPANY
    changes: int = 0
    made: int = 0

    @contextmanager
    def opened(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Iterator["Stub"]:
        """Itself, to whoever has the password."""
        self._asked("open", "")
        if secrets.get("password") != "correct horse" or "address" not in settings:
            raise PlatformFault("unauthorised", "the password is wrong")
        yield self

    def put(self, object_type: str, content: Body, *, id: str = "", key: str = "") -> str:  # noqa: A002
        """Make or change an object as the platform's own user does; its id."""
        self.made += not id
        there_id = id or f"{object_type[:4]}-{self.made}"
        self.changes += 1
        before = self.objects[object_type].get(there_id)
        self.objects[object_type][there_id] = There(
            there_id, dict(content), key or (before.key if before else ""), self.changes
        )
        return there_id

    def edit_quietly(self, object_type: str, id: str, **values: Any) -> None:  # noqa: A002
        """Change an object without any trace in the order of changes: a back-dated edit."""
        self.objects[object_type][id].content.update(values)

    def remove(self, object_type: str, id: str) -> None:  # noqa: A002
        """Delete an object."""
        del self.objects[object_type][id]

    def business(self) -> Business:
        """The company."""
        self._asked("business", "")
        return self.company

    def pull(self, object_type: str, cursor: str, limit: int) -> PulledPage:
        """Objects in the order in which they were last made or changed."""
        self._asked("pull", object_type)
        behind = sorted(
            (each for each in self.objects[object_type].values() if each.changed > int(cursor or 0)),
            key=lambda each: each.changed,
        )
        page = behind[:limit]
        objects = [Pulled(object_type, each.id, dict(each.content), None, each.key) for each in page]
        return self.page(PulledPage(objects, str(page[-1].changed) if page else cursor, len(behind) > limit))

    def spans(self, object_type: str) -> Mapping[str, SpanSum]:
        """By month."""
        self._asked("spans", object_type)
        months: dict[str, list[str]] = defaultdict(list)
        for each in sorted(self.objects[object_type].values(), key=lambda each: each.id):
            months[_month(each.content)].append(f"{each.id}{sorted(each.content.items(), key=str)}")
        return {month: SpanSum(len(texts), str(hash(tuple(texts)))) for month, texts in months.items()}

    def ids(self, object_type: str, span: str) -> Sequence[str]:
        """Ids of a month."""
        self._asked("ids", object_type)
        return [each.id for each in self.objects[object_type].values() if _month(each.content) == span]

    def push(self, object_type: str, key: str, body: Body) -> Pushed:
        """Make an object once for each key, unless the call goes wrong."""
        self._asked("push", object_type)
        self.deliver()
        went = self._went()
        if went == "drop":
            raise PlatformFault("unknown", "the request was lost on its way")
        if went == "unreached":
            raise PlatformFault("unavailable", "nobody answers", retry_after=1)
        if went == "delay":
            self.delayed.append((object_type, key, body))
            raise PlatformFault("unknown", "no answer came in time")
        if went == "lie of success":
            return Pushed("never-made")
        pushed = self.make(object_type, key, body)
        if went == "double":
            self.make(object_type, key, body)
        if went == "lost answer":
            raise PlatformFault("unknown", "the answer was lost on its way")
        if went == "lie of refusal":
            raise PlatformFault("refused", "no such thing")
        if went == "nonsense":
            raise PlatformFault("malformed", "<html>")
        return pushed

    def find(self, object_type: str, key: str) -> Pushed | None:
        """What was made under a key; it may not answer, and does not lie."""
        self._asked("find", object_type)
        if self._went() in ("drop", "unreached", "delay", "nonsense"):
            raise PlatformFault("unavailable", "nobody answers")
        found = [each for each in self.objects[object_type].values() if each.key == key]
        return Pushed(found[0].id) if found else None

    def make(self, object_type: str, key: str, body: Body) -> Pushed:
        """The object of a key, made if there is none."""
        for each in self.objects[object_type].values():
            if each.key == key:
                return Pushed(each.id)
        status = {"status": "open"} if object_type in ("receivable", "bill") else {}
        return Pushed(self.put(object_type, {**body, **status}, key=key))

    def deliver(self) -> None:
        """Let everything arrive that was delayed."""
        while self.delayed:
            self.make(*self.delayed.pop(0))

    def _asked(self, call: str, object_type: str) -> None:
        self.calls.append((call, object_type))
        fault = self.says(call, object_type)
        if fault is not None:
            raise fault

    def _went(self) -> str:
        if self.chance is None or self.chance.random() >= self.share:
            return "well"
        return self.chance.choice(
            ["drop", "unreached", "delay", "double", "lost answer", "lie of refusal", "lie of success", "nonsense"]
        )


def _month(content: Body) -> str:
    day: str = content.get("booking_date") or content.get("issue_date") or "all"
    return day[:7]


def with_platform(context: Context, stub: Stub) -> Context:
    """Everything that services are handed, with this platform alone, and nothing left to do of other tests."""
    given_empty_queue(context)
    with context.store.operating() as work:
        for planned in work.all(ScheduleState):
            work.remove(planned)
    return replace(context, platforms=lambda: {"stub": stub})


def given_connection(context: Context, office: Office) -> Connection:
    """The office's first entity, connected to the platform and synced once."""
    made = create_connection(context, office.owner, office.entity_id)
    assert isinstance(made, Connection)
    told = configure_connection(context, office.owner, office.entity_id, made.id, "stub", SETTINGS, SECRETS)
    assert isinstance(told, Connection), told
    run_queued(context)
    return found_connection(context, office, made.id)


def found_connection(context: Context, office: Office, connection_id: int) -> Connection:
    """The connection as it stands."""
    found = connection(context, office.owner, office.entity_id, connection_id)
    assert not isinstance(found, Denied)
    return found


def robot(office: Office) -> Principal:
    """Somebody who owns the first entity alone."""
    return Principal(office.organisation.id, office.owner.user_id, Face.NATIVE, {office.entity_id: Role.OWNER})


def a_rate(name: str = "25 % output", percent: int = 2500, direction: str = "sales") -> Body:
    """A tax rate; percent in hundredths."""
    return {
        "code": None, "name": name, "status": "active", "direction": direction, "effective_tax_rate": percent,
        "total_tax_rate": percent, "components": [{"name": name, "rate": percent, "is_compound": False}],
    }  # fmt: skip


def an_invoice(number: str = "I-1", total: str = "125.00", **values: Any) -> Body:
    """An open document with one line, its tax a fifth of the total."""
    hundredths = int(total.replace(".", ""))
    tax = f"{hundredths // 5 // 100}.{hundredths // 5 % 100:02d}"
    net = f"{(hundredths - hundredths // 5) // 100}.{(hundredths - hundredths // 5) % 100:02d}"
    return {
        "number": number, "counterparty": None, "counterparty_name": "Fjord AS", "currency": "NOK",
        "issue_date": "2026-01-05", "instalments": [{"due_date": "2026-01-20", "amount": total}],
        "total": total, "tax": tax, "status": "open",
        "lines": [
            {
                "description": "Goods", "quantity": "1", "price": net, "amount": net, "tax_amount": tax,
                "tax_rate": None, "account": "3000",
            }
        ],
        **values,
    }  # fmt: skip


def a_posting(amount: str, day: str = "2026-01-10", account: str = "1920", **values: Any) -> Body:
    """A posting of the books."""
    return {
        "account": account, "booking_date": day, "amount": amount, "currency": "NOK", "description": "Deposit",
        "reference": None, "counterparty": None, "entry": "E-1", **values,
    }  # fmt: skip
