"""What callers ask of the matching services, and what they are told beside stored matches."""

from dataclasses import dataclass

from tieout.domain.match_records import StoredMatch
from tieout.domain.matches import Realised
from tieout.kernel.errors import Refusal

# One match of more lines than this is a batch that should be matched by its total.
MATCH_LINES_MAX = 10_000
# The matcher of a match that somebody made.
PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationRequest:
    """How much of one line a match shall use."""

    line_id: int
    minor_units: int | None = None  # signed as the line; None: all that is left


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentRequest:
    """An explicit leg that ends a residual, signed as on the bank: a fee kept by the bank is negative."""

    type: str  # domain.matches.AdjustmentType
    minor_units: int
    currency: str
    account: str = ""
    rule: str = ""
    rate: str = ""  # exact decimal text, on exchange legs


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRequest:
    """Lines to tie. `across`: statement = ledger + adjustments per currency; `within`: all add up to zero."""

    kind: str = "across"
    allocations: tuple[AllocationRequest, ...]
    adjustments: tuple[AdjustmentRequest, ...] = ()
    reason: str = ""
    extra: str = ""  # JSON text, by face


@dataclass(frozen=True, slots=True)
class FreedLine:
    """What an undo would give back to one line."""

    line_id: int
    side: str
    minor_units: int  # signed, what the match uses
    left_minor_units: int  # what would then be open of the line
    currency: str


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What undoing a match would do: these lines, and nothing else; `refusals` say why it may not be undone."""

    match: StoredMatch
    lines: tuple[FreedLine, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a match is what it is."""

    match: StoredMatch
    equation: tuple[str, ...]  # one per currency, in minor units: "NOK: 9700 (line 4) = 6000 (line 7) + ..."
    holds: bool  # the certificate is accepted by the verifier, which shares nothing with the engine
    faults: tuple[str, ...]  # what the verifier says against it
    reasons: tuple[str, ...]  # sentence parts
    supporting: tuple[str, ...]  # codes of the evidence for it
    contradicting: tuple[str, ...]  # codes of the evidence against it
    realised: Realised | None  # where two currencies meet: settled less carrying value


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why lines are not tied to each other: rules that refuse it, then what speaks against it."""

    refusals: tuple[Refusal, ...]
    reasons: tuple[str, ...]
    matches: tuple[int, ...]  # live matches, proposed or confirmed, that name any of the lines


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingRun:
    """What one run of the engine over the open lines gave; matches have the ids first_match_id to last_match_id."""

    plan: str  # sha256
    statement_lines: int  # open lines that were looked at
    ledger_lines: int
    confirmed: int
    proposed: int
    proposed_already: int  # the same legs wait as a proposal since an earlier run
    dropped: int  # a line of theirs changed while the engine ran
    ambiguous: int  # lines with several answers; a run over unchanged lines finds the same
    first_match_id: int | None
    last_match_id: int | None
