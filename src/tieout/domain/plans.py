"""A plan: the ordered passes that a reconciliation runs, with their windows, limits and adjustment rules."""

from dataclasses import dataclass, field

from tieout.domain.matches import AdjustmentType
from tieout.kernel.errors import TieoutError

DAYS_WITH_REFERENCE = 45
DAYS_WITHOUT_REFERENCE = 10
# Five: 24 lines taken up to 5 at a time are 55,454 sums; with more, chance alone produces answers.
LINES_MAX = 5
STEPS_MAX = 2_000_000
ACCIDENTAL_HITS_MAX = 0.001


class PlanError(TieoutError):
    """The plan cannot be used; the message says where and what to write instead."""

    code = "plan"


@dataclass(frozen=True, slots=True)
class AdjustmentRule:
    """Which residual a pass may explain by one typed leg."""

    type: AdjustmentType
    name: str
    percent_max: str = "0"  # of the gross amount, exact decimal text
    amount_max: str | None = None  # in the currency's units, exact decimal text; None: no limit beside the percentage
    account: str | None = None  # where the leg posts


@dataclass(frozen=True, slots=True)
class Pass:
    """One matcher over what the earlier passes left open."""

    matcher: str
    days: int  # the window between booking days
    block: tuple[str, ...] = ("currency",)
    lines_max: int = LINES_MAX
    steps_max: int = STEPS_MAX
    confirm: str = "only_answer"  # or "propose"
    accidental_hits_max: float = ACCIDENTAL_HITS_MAX
    adjust: tuple[AdjustmentRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A named, ordered list of passes; `sha256` identifies its content."""

    name: str
    passes: tuple[Pass, ...]
    functional_currency: str | None = None  # of the entity; needed to state a realised gain where it is not clear
    sha256: str = field(default="", compare=False)
