"""What can go wrong, as values and as exceptions; none of them knows a language, a screen or a vendor.

A *finding* is something noticed in an input: a warning, a quarantined entry or the reason for refusing a file.
A *refusal* is a rule of the domain that says no. An *error* is an exception with a stable code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

# Long excerpts hide the fault and may carry what nobody wants in a log.
EXCERPT_LENGTH_MAX = 60


class TieoutError(Exception):
    """Every error of tieout: a stable `code` and the facts as attributes."""

    code: ClassVar[str]


# What a fault of our own code raises. Only an edge catches these: where one file must not cost the user the others,
# and where a command must end with a message.
FAULTS: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in an input; lines and columns count from 1, 0 means the whole file or line."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`may.sta:17:1`, as an editor understands it."""
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column or 1}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something noticed in an input, said in the user's terms.

    `code` stands in the catalogue (kernel.catalogue), which also says what to do.
    """

    code: str
    what: str
    place: Place
    excerpt: str = ""
    advice: str = ""

    @property
    def message(self) -> str:
        """What is wrong, the excerpt and what to do, as one sentence part each."""
        parts = [self.what]
        if self.excerpt:
            parts.append(f"in {excerpt_of(self.excerpt)}")
        if self.advice:
            parts.append(self.advice)
        return "; ".join(parts)

    def __str__(self) -> str:
        """`FILE:LINE:COLUMN: what; in "excerpt"; what to do`, fit for a terminal."""
        return printable(f"{self.place}: {self.message}")


def excerpt_of(text: str) -> str:
    """The text as it may be shown: on one line, quoted, cut, without control characters."""
    shown = printable(text).strip()
    if len(shown) > EXCERPT_LENGTH_MAX:
        shown = shown[: EXCERPT_LENGTH_MAX - 1] + "…"
    return f'"{shown}"'


def place_of(fault: BaseException) -> str:
    """Where in the code a fault was raised: `mt940.py:88`; empty for one that never was raised."""
    raised = fault.__traceback__
    if raised is None:
        return ""
    while raised.tb_next is not None:
        raised = raised.tb_next
    file = raised.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2]
    return f"{file}:{raised.tb_lineno}"


def printable(text: str) -> str:
    """The text on one line, with a blank for every control character: a file's name or content moves no cursor."""
    return "".join(mark if mark.isprintable() else " " for mark in text)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that says no to a request that was understood; `concerns` names the line, field or leg.

    facts: what else the words need, by name: the match that holds a line, the day a period is locked to.
    """

    code: str
    concerns: str
    facts: tuple[tuple[str, str], ...] = ()

    def fact(self, name: str) -> str:
        """One of the facts; empty where it is not given."""
        return dict(self.facts).get(name, "")


class Refused(TieoutError):
    """An input was refused whole; `findings` are the first located reasons, `count` how many there are."""

    code = "refused"

    def __init__(self, findings: Sequence[Finding], count: int | None = None) -> None:
        self.findings = tuple(findings)
        self.count = len(self.findings) if count is None else count
        super().__init__("\n".join(str(finding) for finding in self.findings))


class Missing(TieoutError):
    """A program, extra or service that this command needs is not installed or does not answer."""

    code = "missing"

    def __init__(self, what: str, how: str) -> None:
        self.what, self.how = what, how
        super().__init__(f"{what} is missing; {how}")


class UsageError(TieoutError):
    """The command or call was used in a way that cannot be right; the message says what to change."""

    code = "usage"
