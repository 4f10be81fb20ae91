"""What is said of a document afterwards: what check says of its file, and what became of its lines, as JSON text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from tieout.contracts.check_json import file_answer
from tieout.contracts.checking import CheckedFile
from tieout.contracts.reading import Reading
from tieout.domain.kinds import Side
from tieout.domain.lines import Document
from tieout.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the lines of a document."""

    new: int
    known: int  # another document tells them already
    taken_over: int  # somebody had entered them
    provider_accounts: tuple[int, ...] = ()  # that it tells settlements of, or payouts or orders for


def read_answer(checked: CheckedFile, side: Side, taken: Taken) -> str:
    """The answer of a document that was read: `lines` counts what became of its lines, `refusals` is empty."""
    return _text(checked, side, taken, ())


def refused_answer(name: str, side: Side, reasons: Sequence[Refusal]) -> str:
    """The answer of a document that was refused: `refusals` has each reason with its place and facts."""
    return _text(CheckedFile(name, Reading(None)), side, Taken(0, 0, 0), reasons)


def side_of(document: Document) -> Side:
    """The side that a document was received for."""
    return "ledger" if json.loads(document.answer)["side"] == "ledger" else "statement"


def _text(checked: CheckedFile, side: Side, taken: Taken, reasons: Sequence[Refusal]) -> str:
    answer: dict[str, Any] = msgspec.to_builtins(file_answer(checked))
    answer["side"] = side
    answer["lines"] = {"new": taken.new, "known": taken.known, "taken_over": taken.taken_over}
    answer["refusals"] = [
        {"code": each.fact("code") or each.code, "concerns": each.concerns, **dict(each.facts)} for each in reasons
    ]
    return json.dumps(answer, ensure_ascii=False)
