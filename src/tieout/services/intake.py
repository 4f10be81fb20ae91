"""Documents received: each once, whole or not at all, its bytes kept, its lines united with what is there.

A document that was read is never read again; the same bytes answer with it. Lines of the bank are evidence and are
taken in even where their day is locked: the lock is on what people enter and tie, and a match there is refused as
long as it lasts. Lines of the books in a locked period refuse their document, as entering them would be refused.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tieout.domain.accounts import Account
from tieout.domain.kinds import Side
from tieout.domain.lines import Document, StoredStatement
from tieout.domain.people import Capability, Principal
from tieout.domain.work import Job
from tieout.kernel.errors import Finding, Refusal
from tieout.services.collecting import without_collecting
from tieout.services.context import Context, Denied, denied
from tieout.services.document_answers import read_answer, refused_answer, side_of
from tieout.services.document_reading import DocumentRead, read_bytes
from tieout.services.document_taking import take_in
from tieout.services.job_holds import require_held
from tieout.services.job_rows import queue_job
from tieout.services.people.acting import said_principal
from tieout.services.permitting import not_permitted
from tieout.services.settlements.queueing import queue_analysis
from tieout.services.texts import is_keepable
from tieout.store.protocols import Condition, Order, Reading, Scope, Writing

__all__ = (
    "document",
    "document_bytes",
    "documents",
    "give_up_document",
    "read_document",
    "receive_document",
    "statements",
)

# More than that nobody corrects before trying again.
FINDINGS_SHOWN_MAX = 20
_NAME_LENGTH_MAX = 255


@dataclass(frozen=True, slots=True)
class _Upload:
    """A document on its way in."""

    name: str
    content: bytes
    sha256: str
    account_id: int
    side: Side
    acting: Mapping[str, object]  # whoever sent it, as people.acting says


@without_collecting()
def receive_document(
    context: Context,
    principal: Principal,
    entity_id: int,
    name: str,
    content: bytes,
    *,
    account_id: int = 0,
    side: Side = "statement",
    later: bool = False,
) -> Document | Denied:
    """Take a document in: its bytes, its statements, and those of its lines that are new. Needs PREPARE.

    account_id: the account that it is of; 0 where the file says, accounts that nobody knows are opened then.
    later: True keeps the bytes and leaves the reading to a job. The same bytes again give the first document.
    Refused: not_read, one per reason, `concerns` its place and facts `code` and `message`; document_exists (fact
    `document`) where the same bytes came for another account or side; not_found, account_archived, account_mismatch,
    currency_differs, required for an account that cannot be told; period_locked for lines of the books.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    sha256 = hashlib.sha256(content).hexdigest()
    upload = _Upload(_plain_name(name), content, sha256, account_id, side, said_principal(principal))
    with context.store.reading() as view:
        known = _received(view, entity_id, upload)
        if known is not None:
            return known
        if account_id and view.one(Account, entity_id=entity_id, id=account_id) is None:
            return denied("not_found", "account_id")
    if later:
        return _queued(context, principal, entity_id, upload)
    read = read_bytes(upload.name, content, context.importers, side)
    if isinstance(read, tuple):
        return _not_read(read)
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "receive_document", now) as work:
        known = _received(work, entity_id, upload)
        if known is not None:
            return known
        received = _new_document(work, entity_id, upload, "read", now, by)
        answer = _taken(work, received, upload, read, now, by)
        return Denied(answer) if isinstance(answer, tuple) else answer


def _plain_name(name: str) -> str:
    """The name of a file without folders, as it can be kept."""
    last = name.replace("\\", "/").rpartition("/")[2].replace("\0", "")
    last = last if is_keepable(last) else last.encode("utf-8", "replace").decode()
    return last[:_NAME_LENGTH_MAX] or "document"


def _received(view: Reading, entity_id: int, upload: _Upload) -> Document | Denied | None:
    """The document with these bytes, unless it was refused; a refusal where it is of another account or side."""
    found = view.all(Document, entity_id=entity_id, sha256=upload.sha256, order=(Order("id"),))
    for each in found:
        if each.state == "refused":
            continue
        other_account = each.account_id and upload.account_id and each.account_id != upload.account_id
        if other_account or side_of(each) != upload.side:
            return denied("document_exists", "document", document=str(each.id))
        return each
    return None


def _new_document(work: Writing, entity_id: int, upload: _Upload, state: str, now: int, by: str) -> Document:
    """The row of a document, not yet added; of one that was refused before the same row again."""
    return Document(
        entity_id=entity_id,
        id=work.new_ids(Document)[0],
        name=upload.name,
        format="",
        sha256=upload.sha256,
        size=len(upload.content),
        account_id=upload.account_id,
        state=state,
        answer=json.dumps({"side": upload.side}),
        received_at=now,
        received_by=by,
    )


def _queued(context: Context, principal: Principal, entity_id: int, upload: _Upload) -> Document | Denied:
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "receive_document", now) as work:
        known = _received(work, entity_id, upload)
        if known is not None:
            return known
        again = _refused_before(work, entity_id, upload)
        received = _new_document(work, entity_id, upload, "queued", now, by) if again is None else again
        if again is None:
            work.add(received)
            work.keep_bytes(entity_id, received.id, upload.content)
        else:
            work.change(again, state="queued")
        asked = {"document": received.id, "side": upload.side, "acting": upload.acting}
        queue_job(work, entity_id, "read_document", asked, now, by)
        return replace(received, state="queued")


def _refused_before(view: Reading, entity_id: int, upload: _Upload) -> Document | None:
    """The document with these bytes for this account that could not be read earlier."""
    return view.one(Document, entity_id=entity_id, sha256=upload.sha256, account_id=upload.account_id)


def _not_read(findings: Sequence[Finding]) -> Denied:
    refusals = [
        Refusal("not_read", str(finding.place), (("code", finding.code), ("message", finding.message)))
        for finding in findings[:FINDINGS_SHOWN_MAX]
    ]
    return Denied(tuple(refusals), len(findings))


def _taken(
    work: Writing, received: Document, upload: _Upload, read: DocumentRead, now: int, by: str
) -> Document | tuple[Refusal, ...]:
    """The document with all that it brings, added; or why nothing of it was."""
    again = _refused_before(work, received.entity_id, upload)
    if again is None:
        work.add(received)
        work.keep_bytes(received.entity_id, received.id, upload.content)
    elif again.state == "read":
        return again
    else:
        received = again
    taken = take_in(work, received, read, upload.side, now, by)
    if isinstance(taken, tuple):
        work.roll_back()
        return taken
    for account_id in taken.provider_accounts:
        queue_analysis(work, received.entity_id, account_id, upload.acting, now, by)
    values: dict[str, Any] = {
        "state": "read",
        "format": read.checked.reading.format or "",
        "answer": read_answer(read.checked, upload.side, taken),
    }
    work.change(received, **values)
    return replace(received, **values)


@without_collecting()
def read_document(context: Context, job: Job) -> str:
    """Read a document that was queued, and take it in or refuse it with the reasons as its answer.

    The answer names the document and the state that it is in then, as JSON text. Raises LeaseLost.
    """
    request: Mapping[str, Any] = json.loads(job.request)
    side: Side = "ledger" if request["side"] == "ledger" else "statement"
    with context.store.reading() as view:
        received = view.one(Document, entity_id=job.entity_id, id=request["document"])
        assert received is not None, "a document is never removed"
        if received.state != "queued":
            return _job_answer(received)
        content = view.document_bytes(job.entity_id, received.id)
    upload = _Upload(received.name, content, received.sha256, received.account_id, side, request.get("acting", {}))
    read = read_bytes(received.name, content, context.importers, side)
    reasons = _not_read(read).refusals if isinstance(read, tuple) else ()
    if isinstance(read, DocumentRead):
        now, by = context.now(), job.created_by
        with context.store.writing(Scope("entity", job.entity_id), by, "read_document", now) as work:
            require_held(work, job)
            taken = _taken(work, received, upload, read, now, by)
            if isinstance(taken, Document):
                return _job_answer(taken)
            reasons = taken
    return _job_answer(_refuse(context, job, received, side, reasons))


def give_up_document(context: Context, job: Job, message: str) -> None:
    """Refuse a document whose reading failed in a way that nobody foresaw, so that nobody waits for it."""
    request: Mapping[str, Any] = json.loads(job.request)
    with context.store.reading() as view:
        received = view.one(Document, entity_id=job.entity_id, id=request["document"])
    if received is not None and received.state == "queued":
        reason = Refusal("not_read", received.name, (("code", "reader_fault"), ("message", message)))
        _refuse(context, job, received, side_of(received), (reason,))


def _refuse(context: Context, job: Job, received: Document, side: Side, reasons: Sequence[Refusal]) -> Document:
    values: dict[str, Any] = {"state": "refused", "answer": refused_answer(received.name, side, reasons)}
    scope = Scope("entity", received.entity_id)
    with context.store.writing(scope, job.created_by, "read_document", context.now()) as work:
        require_held(work, job)
        work.change(received, **values)
    return replace(received, **values)


def _job_answer(received: Document) -> str:
    return json.dumps({"document": received.id, "state": received.state})


def document(context: Context, principal: Principal, entity_id: int, document_id: int) -> Document | Denied:
    """One document."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.one(Document, entity_id=entity_id, id=document_id) or denied("not_found", "document")


def document_bytes(context: Context, principal: Principal, entity_id: int, document_id: int) -> bytes | Denied:
    """The bytes of a document as they were received."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        if view.one(Document, entity_id=entity_id, id=document_id) is None:
            return denied("not_found", "document")
        return view.document_bytes(entity_id, document_id)


def documents(
    context: Context, principal: Principal, entity_id: int, *, after: int = 0, limit: int | None = None
) -> list[Document] | Denied:
    """Documents by id, those above `after`."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        behind = Condition("id", ">", after)
        return view.all(Document, behind, order=(Order("id"),), limit=limit, entity_id=entity_id)


def statements(
    context: Context,
    principal: Principal,
    entity_id: int,
    account_id: int | None = None,
    *,
    document_id: int | None = None,
) -> list[StoredStatement] | Denied:
    """Statements by id, of one account or one document where it is named."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    conditions = [
        Condition(name, "=", value)
        for name, value in (("account_id", account_id), ("document_id", document_id))
        if value is not None
    ]
    with context.store.reading() as view:
        return view.all(StoredStatement, *conditions, order=(Order("id"),), entity_id=entity_id)
