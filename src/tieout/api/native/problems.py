"""What is said when the answer is no: `application/problem+json` (RFC 9457) with a stable code and every finding."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_faults import HttpFault
from tieout.domain.rules import RULES
from tieout.kernel.errors import Refusal
from tieout.services.context import Denied

PROBLEM = "application/problem+json"
# More than that nobody corrects before trying again.
FINDINGS_MAX = 100

_WHO_MAY = frozenset({"not_permitted", "second_person_needed", "post_missing"})
# What the path names: unknown or unseen, it does not exist. What the body names is a finding in the body.
_NAMED_BY_PATHS = frozenset(
    {
        "account", "batch", "connection", "counterparty", "difference", "document", "entity", "grant", "integration",
        "invoice", "job", "journal_entry", "line", "match", "organisation", "plan", "reconciliation", "record",
        "schedule", "statement", "token", "user",
    }
)  # fmt: skip
# The request is right by itself; what is kept already stands against it.
_STANDS_AGAINST = frozenset(
    {
        "account_archived", "account_in_use", "already_paid", "changed_meanwhile", "document_exists", "entry_in_use",
        "exists", "last_owner", "line_cleared", "line_frozen", "line_not_entered", "line_tied", "line_used_up",
        "not_in_progress", "not_latest", "part_of_entry", "period_closed", "period_locked",
        "reconciliation_in_progress", "resolved_already", "state_differs", "unpaid",
    }
)  # fmt: skip

# The core's names of fields that this API writes otherwise.
_FIELDS = {
    "minor_units": "amount",
    "foreign_minor_units": "foreign_amount",
    "tax_minor_units": "tax",
    "starting_minor_units": "starting_balance",
    "start_minor_units": "start_balance",
    "end_minor_units": "end_balance",
    "as_of_day": "as_of",
    **{f"{name}_day": f"{name}_date" for name in ("booking", "value", "paid", "due", "issue", "starting", "start")},
    **{f"{name}_day": f"{name}_date" for name in ("end", "through", "reconcile")},
}


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One rule that says no, or one place of the request that does not fit."""

    code: str
    concerns: str = ""  # lines[3].amount
    detail: str
    facts: dict[str, str] = {}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was not done; nothing was changed."""

    type: str
    title: str
    status: int
    code: str  # of the first finding
    detail: str
    findings: list[Finding]  # the first hundred
    finding_count: int


def problem_of_denial(denial: Denied) -> Response:
    """What a service refused."""
    findings = [
        Finding(
            code=refusal.code,
            concerns=_as_sent(refusal.concerns),
            detail=RULES.get(refusal.code, refusal.code),
            facts=dict(refusal.facts),
        )
        for refusal in denial.refusals
    ]
    return problem(_status(denial.refusals), findings, count=denial.count)


def problem_of_faults(_: Request, faults: Sequence[HttpFault]) -> Response:
    """What is wrong with a request before a service sees it."""
    findings = [Finding(code=fault.code, concerns=fault.concerns, detail=fault.what) for fault in faults]
    return problem(faults[0].status, findings, dict(faults[0].headers))


def problem(
    status: int, findings: Sequence[Finding], headers: Mapping[str, str] | None = None, *, count: int | None = None
) -> Response:
    """The answer with these findings; count: how many there are, where they are only the first of them."""
    first = findings[0]
    told = Problem(
        type=f"urn:tieout:problem:{first.code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=first.code,
        detail=f"{first.concerns}: {first.detail}" if first.concerns else first.detail,
        findings=list(findings[:FINDINGS_MAX]),
        finding_count=count or len(findings),
    )
    return json_answer(told, status, headers, PROBLEM)


def _as_sent(concerns: str) -> str:
    """What a refusal concerns in the words of this API: `lines[3].minor_units` is `lines[3].amount` here."""
    before, dot, field = concerns.rpartition(".")
    return f"{before}{dot}{_FIELDS.get(field, field)}"


def _status(refusals: Sequence[Refusal]) -> int:
    """404 for what the path names, 403 where somebody else may, 409 where the state says no, otherwise 422."""
    if any(refusal.code == "not_found" and refusal.concerns in _NAMED_BY_PATHS for refusal in refusals):
        return 404
    codes = {refusal.code for refusal in refusals}
    if codes & _WHO_MAY:
        return 403
    return 409 if codes <= _STANDS_AGAINST else 422
