"""The exact JSON of a result: interface.md section 4, member by member, written in pieces.

A match stands on a line of its own, so that two results can be compared line by line, and a million matches never lie
in memory at once.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, TypeAlias

import msgspec

from tieout.contracts.places import place_text
from tieout.domain.matches import Adjustment, Evidence, Match, MatchState, Realised
from tieout.domain.results import (
    AccountProof,
    Ambiguity,
    BankReconciliation,
    BroughtForward,
    Outstanding,
    Result,
    amount_text,
)
from tieout.kernel.errors import Finding
from tieout.kernel.money import decimal_text
from tieout.kernel.version import VERSION

# Enough to make the calls of the stream cheap; at some 500 bytes a match it is half a megabyte.
_LINES_AT_ONCE = 1_000

# More digits of an expectation of chance say nothing.
_SIGNIFICANT_DIGITS = 4

Lines: TypeAlias = Iterator[bytes]
Member: TypeAlias = tuple[str, "bytes | Lines"]

_encode: Callable[[Any], bytes] = msgspec.json.Encoder().encode


class _AllocationShape(msgspec.Struct, gc=False):
    side: str
    line: str
    amount: str
    currency: str


class _AmountShape(msgspec.Struct, gc=False):
    amount: str
    currency: str


class _AdjustmentShape(msgspec.Struct, gc=False):
    type: str
    amount: str
    currency: str
    account: str | None
    rule: str | None
    rate: str | msgspec.UnsetType = msgspec.UNSET


class _EvidenceShape(msgspec.Struct, rename={"supporting": "for", "contradicting": "against"}):
    supporting: tuple[str, ...]
    contradicting: tuple[str, ...]


class MatchShape(msgspec.Struct, gc=False):
    """One match as result.json spells it; the order of the fields is the order of the keys."""

    id: int
    kind: str
    state: str
    matcher: str
    statement: list[str]
    ledger: list[str]
    allocations: list[_AllocationShape]
    adjustments: list[_AdjustmentShape]
    residual: list[_AmountShape]
    realised: dict[str, str | None] | None
    answers: int
    searched_fully: bool
    accidental_hits: float | None
    reasons: tuple[str, ...]
    steps: int
    evidence: _EvidenceShape
    action: str | msgspec.UnsetType = msgspec.UNSET


def members(result: Result) -> Iterator[Member]:
    """Every member of result.json in its promised order; long lists come as one encoded element per line."""
    yield "tieout", _encode(VERSION)
    yield "plan", _encode({"name": result.plan.name, "sha256": result.plan.sha256})
    yield "proofs", encoded_lines(_proof(proof) for proof in result.proofs)
    yield "quarantined", encoded_lines(_finding(finding) for finding in result.quarantined)
    yield "warnings", encoded_lines(_finding(finding) for finding in result.warnings)
    yield "reconciliations", encoded_lines(_reconciliation(account) for account in result.reconciliations)
    yield "matches", encoded_lines(match_shape(match) for match in result.matches())
    yield "ambiguous", encoded_lines(_ambiguity(ambiguity) for ambiguity in result.ambiguous)
    yield "open", _encode(_open_ids(result))
    yield (
        "open_parts",
        encoded_lines(
            _AllocationShape(part.side, part.line, amount_text(part.remaining, part.currency), part.currency)
            for part in result.open_lines
        ),
    )
    yield "settled_in_books", _encode(result.settled_in_books)
    yield "ignored", _encode([{"side": side, "line": line} for side, line in result.ignored])
    yield "brought_forward", _encode(_brought_forward(result.brought_forward))
    yield "conservation", _encode({"holds": result.conservation.holds, "faults": result.conservation.faults})
    yield "summary", _encode(summary_of(result))


def write_members(stream: BinaryIO, members: Iterable[Member]) -> None:
    """Write one JSON object, a member or a list element per line."""
    begin = b"{\n"
    for name, value in members:
        stream.write(begin + _encode(name) + b": ")
        begin = b",\n"
        if isinstance(value, bytes):
            stream.write(value)
        else:
            _write_lines(stream, value)
    stream.write(b"\n}\n")


def encoded_lines(shapes: Iterable[object]) -> Lines:
    """The elements of a JSON list, encoded; each piece holds many, with a comma and a line break between them."""
    waiting = iter(shapes)
    while piece := [_encode(shape) for shape in islice(waiting, _LINES_AT_ONCE)]:
        yield b",\n".join(piece)


def _write_lines(stream: BinaryIO, lines: Lines) -> None:
    begin, end = b"[\n", b"[]"
    for piece in lines:
        stream.write(begin)
        stream.write(piece)
        begin, end = b",\n", b"\n]"
    stream.write(end)


def match_shape(match: Match) -> MatchShape:
    """A match in the spelling of result.json; a residual only where it is proposed."""
    statement: list[str] = []
    ledger: list[str] = []
    allocations = []
    for side, line, minor_units, currency in match.allocations:
        (statement if side == "statement" else ledger).append(line)
        allocations.append(_AllocationShape(side, line, amount_text(minor_units, currency), currency))
    proposed = match.state is MatchState.PROPOSED
    return MatchShape(
        id=match.id,
        kind=match.kind,
        state=match.state,
        matcher=match.matcher,
        statement=statement,
        ledger=ledger,
        allocations=allocations,
        adjustments=[_adjustment(adjustment) for adjustment in match.adjustments],
        residual=[_amount(*residual) for residual in match.residuals()] if proposed else [],
        realised=_realised(match.realised),
        answers=match.answers,
        searched_fully=match.searched_fully,
        accidental_hits=significant(match.accidental_hits),
        reasons=match.reasons,
        steps=match.steps,
        evidence=_evidence(match.evidence),
        action=msgspec.UNSET if match.action is None else match.action,
    )


def _adjustment(adjustment: Adjustment) -> _AdjustmentShape:
    return _AdjustmentShape(
        adjustment.type,
        amount_text(adjustment.minor_units, adjustment.currency),
        adjustment.currency,
        adjustment.account,
        adjustment.rule,
        msgspec.UNSET if adjustment.rate is None else adjustment.rate,
    )


def _amount(minor_units: int, currency: str) -> _AmountShape:
    return _AmountShape(amount_text(minor_units, currency), currency)


def _evidence(evidence: Evidence) -> _EvidenceShape:
    return _EvidenceShape(evidence.supporting, evidence.contradicting)


def _realised(realised: Realised | None) -> dict[str, str | None] | None:
    if realised is None:
        return None
    if realised.minor_units is None or realised.currency is None:
        return {"amount": None, "reason": realised.reason}
    return {"amount": amount_text(realised.minor_units, realised.currency), "currency": realised.currency}


def significant(expectation: float | None) -> float | None:
    """An expectation of chance at the digits that mean something."""
    return None if expectation is None else float(f"{expectation:.{_SIGNIFICANT_DIGITS}g}")


def _proof(proof: AccountProof) -> dict[str, object]:
    def text(minor_units: int | None) -> str | None:
        return None if minor_units is None else decimal_text(minor_units, proof.exponent)

    return {
        "account": proof.account,
        "currency": proof.currency,
        "opening": text(proof.opening),
        "movements": text(proof.movements),
        "closing": text(proof.closing),
        "holds": proof.holds,
        "gap": text(proof.gap),
        "reason": proof.reason,
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {"code": finding.code, "place": place_text(finding.place), "message": finding.message}


def _reconciliation(account: BankReconciliation) -> dict[str, object]:
    def text(minor_units: int | None) -> str | None:
        return None if minor_units is None else amount_text(minor_units, account.currency)

    def outstanding(lines: Outstanding) -> dict[str, object]:
        amounts = [amount_text(minor_units, account.currency) for minor_units in lines.amounts]
        return {"lines": lines.lines, "sum": text(lines.sum), "ages": lines.ages, "amounts": amounts}

    return {
        "account": account.account,
        "currency": account.currency,
        "as_of": account.as_of,
        "per_bank": text(account.per_bank),
        "in_books_not_on_bank": outstanding(account.in_books_not_on_bank),
        "on_bank_not_in_books": outstanding(account.on_bank_not_in_books),
        "per_books": text(account.per_books),
        "difference": text(account.difference),
        "holds": account.holds,
        "reason": account.reason,
    }


def _ambiguity(ambiguity: Ambiguity) -> dict[str, object]:
    answers: object = ambiguity.answers
    if ambiguity.pairings:
        answers = [{"statement": pairing.statement, "ledger": pairing.ledger} for pairing in ambiguity.pairings]
    return {
        "statement": ambiguity.statement,
        "ledger": ambiguity.ledger,
        "answers": answers,
        "more": ambiguity.more,
        "would_decide": ambiguity.would_decide,
    }


def _open_ids(result: Result) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = {"statement": [], "ledger": []}
    for part in result.open_lines:
        ids[part.side].append(part.line)
    return ids


def _brought_forward(earlier: BroughtForward | None) -> dict[str, object] | None:
    if earlier is None:
        return None
    return {
        "lines": [{"side": side, "line": line} for side, line in earlier.lines],
        "awaiting": [
            {"line": entry.line, "amount": amount_text(entry.minor_units, entry.currency), "currency": entry.currency}
            for entry in earlier.awaiting
        ],
        "closed": {"statement": earlier.closed[0], "ledger": earlier.closed[1]},
        "left_out": earlier.left_out,
    }


def summary_of(result: Result) -> dict[str, object]:
    """How many lines, matches and open lines there are, and how long it took."""
    open_statement = sum(part.side == "statement" for part in result.open_lines)
    return {
        "statement_lines": len(result.statement),
        "ledger_lines": len(result.ledger),
        "matches_confirmed": result.matches_confirmed,
        "matches_proposed": result.matches_proposed,
        "ambiguous": len(result.ambiguous),
        "open_statement_lines": open_statement,
        "open_ledger_lines": len(result.open_lines) - open_statement,
        "quarantined": len(result.quarantined),
        "seconds": round(result.seconds, 3),
    }
