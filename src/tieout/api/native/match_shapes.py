"""Matches on the wire of the native API."""

import json

import msgspec

from tieout.api.native.spelling import Reader, amount_text, instant_text, maybe_amount_text
from tieout.contracts.exact_json import Amount
from tieout.domain.match_records import StoredMatch
from tieout.domain.matches import MatchKind, Realised
from tieout.services.match_requests import Explanation, MatchingRun, UndoPreview
from tieout.services.matching import AdjustmentRequest, AllocationRequest, MatchRequest


class AllocationBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of one line the match shall use: signed as the line, all that is left where no amount is given."""

    line_id: int
    amount: Amount | None = None
    currency: str = ""  # of the line; needed with an amount


class AdjustmentBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An explicit leg that ends a residual, signed as on the bank: a fee that the bank kept is negative."""

    type: str
    amount: Amount
    currency: str
    account: str = ""
    rule: str = ""
    rate: str = ""


class MatchBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lines to tie to each other; `confirm` false only proposes it."""

    allocations: list[AllocationBody]
    kind: str = MatchKind.ACROSS
    adjustments: list[AdjustmentBody] = []
    reason: str = ""
    confirm: bool = True


class ReasonBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why, in the words of whoever decides."""

    reason: str = ""


class WhyNotBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lines that somebody expected to be tied."""

    statement_line_ids: list[int]
    ledger_line_ids: list[int]


class RunBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the engine shall look at: open lines of these accounts, of all where none is named."""

    account_ids: list[int] | None = None
    wait: bool = True  # false: a job does it, and the answer names the job


class AllocationAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The signed amount of one line that the match uses."""

    side: str
    line_id: int
    line_version: int
    amount: str
    currency: str


class AdjustmentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An explicit leg."""

    type: str
    amount: str
    currency: str
    account: str
    rule: str
    rate: str


class StateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A later state of a match: who said so, when and why."""

    state: str
    reason: str
    at: str
    by: str


class MatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A match."""

    id: int
    kind: str
    status: str
    matcher: str
    automatic: bool
    prepared_by: str
    plan: str
    answers: int
    searched_fully: bool
    steps: int
    accidental_hits: str | None
    reasons: list[str]
    allocations: list[AllocationAnswer]
    adjustments: list[AdjustmentAnswer]
    states: list[StateAnswer]
    created_at: str


class MatchesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of matches; `next` is the cursor of the page behind it."""

    matches: list[MatchAnswer]
    next: str | None


class FreedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What an undo gives back to one line."""

    line_id: int
    side: str
    freed: str
    left: str  # what would then be open of it
    currency: str


class ReasonAgainst(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that says no."""

    code: str
    concerns: str
    facts: dict[str, str]


class PreviewAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What undoing would do: these lines and nothing else; `refusals` say why it may not be done."""

    match_id: int
    lines: list[FreedAnswer]
    refusals: list[ReasonAgainst]


class RealisedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Settled value less carrying value, where two currencies meet; null with a reason where it is not computed."""

    amount: str | None
    currency: str | None
    reason: str | None


class ExplanationAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Why a match is what it is; `holds` is what the verifier, which shares nothing with the engine, says."""

    match_id: int
    equation: list[str]
    holds: bool
    faults: list[str]
    reasons: list[str]
    supporting: list[str]
    contradicting: list[str]
    realised: RealisedAnswer | None


class WhyNotAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Rules that refuse to tie the lines, what speaks against it, and matches that name them already."""

    refusals: list[ReasonAgainst]
    reasons: list[str]
    matches: list[int]


class RunAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one run of the engine over the open lines gave."""

    plan: str
    statement_lines: int
    ledger_lines: int
    confirmed: int
    proposed: int
    proposed_already: int
    dropped: int
    ambiguous: int
    first_match_id: int | None
    last_match_id: int | None


def match_request(body: MatchBody, reader: Reader) -> MatchRequest:
    """The body in the core's words; what cannot be read is left with the reader."""
    return MatchRequest(
        kind=body.kind,
        allocations=tuple(
            AllocationRequest(
                line_id=each.line_id,
                minor_units=reader.maybe_amount(each.amount, each.currency, f"allocations[{place}].amount"),
            )
            for place, each in enumerate(body.allocations)
        ),
        adjustments=tuple(
            AdjustmentRequest(
                type=each.type,
                minor_units=reader.amount(each.amount, each.currency, f"adjustments[{place}].amount"),
                currency=each.currency,
                account=each.account,
                rule=each.rule,
                rate=each.rate,
            )
            for place, each in enumerate(body.adjustments)
        ),
        reason=body.reason,
    )


def written_match(match: StoredMatch) -> MatchAnswer:
    """A match as the API shows it."""
    record = match.record
    return MatchAnswer(
        id=record.id,
        kind=record.kind,
        status=match.status,
        matcher=record.matcher,
        automatic=record.automatic,
        prepared_by=record.prepared_by,
        plan=record.plan,
        answers=record.answers,
        searched_fully=record.searched_fully,
        steps=record.steps,
        accidental_hits=record.accidental_hits or None,
        reasons=json.loads(record.evidence).get("reasons", []) if record.evidence else [],
        allocations=[
            AllocationAnswer(
                side=leg.side,
                line_id=leg.line_id,
                line_version=leg.line_version,
                amount=amount_text(leg.minor_units, leg.currency),
                currency=leg.currency,
            )
            for leg in match.allocations
        ],
        adjustments=[
            AdjustmentAnswer(
                type=leg.type,
                amount=amount_text(leg.minor_units, leg.currency),
                currency=leg.currency,
                account=leg.account,
                rule=leg.rule,
                rate=leg.rate,
            )
            for leg in match.adjustments
        ],
        states=[
            StateAnswer(state=each.state, reason=each.reason, at=instant_text(each.at), by=each.by)
            for each in match.states
        ],
        created_at=instant_text(record.created_at),
    )


def written_preview(preview: UndoPreview) -> PreviewAnswer:
    """What undoing would do, as the API shows it."""
    return PreviewAnswer(
        match_id=preview.match.record.id,
        lines=[
            FreedAnswer(
                line_id=each.line_id,
                side=each.side,
                freed=amount_text(each.minor_units, each.currency),
                left=amount_text(each.left_minor_units, each.currency),
                currency=each.currency,
            )
            for each in preview.lines
        ],
        refusals=[
            ReasonAgainst(code=each.code, concerns=each.concerns, facts=dict(each.facts)) for each in preview.refusals
        ],
    )


def written_explanation(explained: Explanation) -> ExplanationAnswer:
    """Why a match is what it is, as the API shows it."""
    return ExplanationAnswer(
        match_id=explained.match.record.id,
        equation=list(explained.equation),
        holds=explained.holds,
        faults=list(explained.faults),
        reasons=list(explained.reasons),
        supporting=list(explained.supporting),
        contradicting=list(explained.contradicting),
        realised=None if explained.realised is None else _realised(explained.realised),
    )


def _realised(realised: Realised) -> RealisedAnswer:
    computed = realised.minor_units is not None and realised.currency is not None
    return RealisedAnswer(
        amount=maybe_amount_text(realised.minor_units, realised.currency or "") if computed else None,
        currency=realised.currency,
        reason=realised.reason,
    )


def written_run(run: MatchingRun) -> RunAnswer:
    """What a run gave, as the API shows it."""
    return RunAnswer(**{name: getattr(run, name) for name in RunAnswer.__struct_fields__})
