"""Holds decisions against the lines that there are, and says where they cannot be followed."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from tieout.contracts.csv_table import unguarded
from tieout.domain.kinds import Side, is_book_entry
from tieout.domain.line_table import LineTable, texts_of
from tieout.domain.results import amount_text
from tieout.kernel.errors import Finding, Place, Refusal, Refused
from tieout.kernel.names import nearest
from tieout.matching.directions import Directions, Tie
from tieout.services.files.decisions import FINDINGS_SHOWN_MAX, Cell, Decision

# The same marks as in `settles` of a ledger file.
_BETWEEN_IDS = re.compile(r"[ \t\r\n,;]+")
# Beyond this many ids looking for a similar one takes longer than looking it up.
_COMPARED_MAX = 5_000


class _Placed(NamedTuple):
    """A decision with the ids in its cells."""

    decision: Decision
    tie: Tie

    @property
    def place(self) -> Place:
        """Where its lines are named: the first cell that names any."""
        cell = self.decision.statement if self.tie.statement or not self.tie.ledger else self.decision.ledger
        return cell.place


class Directing:
    """Decisions about the lines of both sides."""

    def __init__(
        self, decisions: Sequence[Decision], statement: LineTable, ledger: LineTable, awaiting: Collection[str] = ()
    ) -> None:
        """awaiting: statement lines that an earlier run tied; only a book entry may still be tied to them."""
        self._awaiting = frozenset(awaiting)
        self._tables: dict[Side, LineTable] = {"statement": statement, "ledger": ledger}
        self._rows: dict[Side, dict[str, int]] = {
            side: {line: row for row, line in enumerate(texts_of(table.id, len(table)))}
            for side, table in (self._tables.items() if decisions else ())
        }
        self._placed = [
            _Placed(decision, Tie(self._ids("statement", decision.statement), self._ids("ledger", decision.ledger)))
            for decision in decisions
        ]

    def _ids(self, side: Side, cell: Cell) -> tuple[str, ...]:
        """The ids in a cell; an id that holds a blank, a comma or a semicolon has to stand alone.

        An id may be copied from a CSV of a result, with the apostrophe that keeps spreadsheets from running it.
        """
        rows = self._rows[side]
        ids = [cell.text] if cell.text in rows else [one for one in _BETWEEN_IDS.split(cell.text) if one]
        return tuple(one if one in rows or unguarded(one) not in rows else unguarded(one) for one in ids)

    def directions(self) -> Directions:
        """The decisions as the engine takes them. Raises Refused with every decision that cannot be followed."""
        findings = sorted((finding for placed in self._placed for finding in self._faults(placed)), key=_by_place)
        findings += self._contradictions()
        if findings:
            raise Refused(findings[:FINDINGS_SHOWN_MAX], len(findings))
        ties: defaultdict[str, list[Tie]] = defaultdict(list)
        for placed in self._placed:
            ties[placed.decision.action].append(placed.tie)
        ignored = ties["ignore"]
        return Directions(
            confirmed=tuple(ties["confirm"]),
            rejected=tuple(ties["reject"]),
            ignored=Tie(
                tuple(dict.fromkeys(line for tie in ignored for line in tie.statement)),
                tuple(dict.fromkeys(line for tie in ignored for line in tie.ledger)),
            ),
        )

    def _faults(self, placed: _Placed) -> Iterator[Finding]:
        cells: tuple[tuple[Side, tuple[str, ...], Cell], ...] = (
            ("statement", placed.tie.statement, placed.decision.statement),
            ("ledger", placed.tie.ledger, placed.decision.ledger),
        )
        for side, lines, cell in cells:
            for line, count in Counter(lines).items():
                if line not in self._rows[side]:
                    yield Finding(
                        "line_unknown", f"there is no such {side} line", cell.place, line, self._hint(side, line)
                    )
                if count > 1:
                    advice = "name it once"
                    yield Finding(
                        "line_twice", f"the line stands {count} times in this decision", cell.place, line, advice
                    )
        yield from self._taken(placed)
        count = len(set(placed.tie.statement)) + len(set(placed.tie.ledger))
        if not count:
            yield Finding("too_few_lines", "no line is named", placed.place, advice="name the ids of the lines")
        elif count == 1 and placed.decision.action != "ignore":
            what = f"one line alone cannot be {'confirmed' if placed.decision.action == 'confirm' else 'rejected'}"
            advice = "name the lines that it ties to as well, or ignore it"
            yield Finding("too_few_lines", what, placed.place, (placed.tie.statement + placed.tie.ledger)[0], advice)

    def _taken(self, placed: _Placed) -> Iterator[Finding]:
        """Lines that an earlier run tied to open items, tied again to something else than a book entry."""
        kind, rows = self._tables["ledger"].kind, self._rows["ledger"]
        entries = [line for line in placed.tie.ledger if line in rows and is_book_entry(kind.at(rows[line]))]
        if placed.decision.action == "confirm" and not entries:
            for line in placed.tie.statement:
                if line in self._awaiting:
                    advice = "tie the book entry to it that records the payment, or leave it"
                    what = "an earlier run tied the line already"
                    yield Finding("line_used_up", what, placed.decision.statement.place, line, advice)

    def _hint(self, side: Side, line: str) -> str:
        other: Side = "ledger" if side == "statement" else "statement"
        if line in self._rows[other]:
            return f"it is a {other} line; write it into that column"
        close = nearest(line, self._rows[side]) if len(self._rows[side]) <= _COMPARED_MAX else None
        return f'did you mean "{close}"?' if close else "the ids stand in lines.csv of a result"

    def _contradictions(self) -> Iterator[Finding]:
        """Lines that are set aside and tied, and ties that are confirmed and rejected."""
        ignored: dict[tuple[Side, str], int] = {}
        rejected: dict[tuple[frozenset[str], frozenset[str]], int] = {}
        for placed in self._placed:
            row = placed.place.line
            if placed.decision.action == "ignore":
                ignored |= dict.fromkeys(_lines_of(placed.tie), row)
            elif placed.decision.action == "reject":
                rejected[_as_sets(placed.tie)] = row
        for placed in self._placed:
            if placed.decision.action != "confirm":
                continue
            advice = "keep one of the two decisions"
            for line in _lines_of(placed.tie):
                if line in ignored:
                    what = f"the line is ignored in line {ignored[line]} of this file"
                    yield Finding("decisions_contradict", what, placed.place, line[1], advice)
            if _as_sets(placed.tie) in rejected:
                what = f"the same lines are rejected in line {rejected[_as_sets(placed.tie)]} of this file"
                yield Finding("decisions_contradict", what, placed.place, advice=advice)

    def findings(self, refusals: Sequence[Refusal]) -> list[Finding]:
        """Where the decisions stand that the engine could not follow, with the difference where amounts differ."""
        confirmed = [placed for placed in self._placed if placed.decision.action == "confirm"]
        used_up = Counter(refusal.concerns for refusal in refusals if refusal.code == "line_used_up")
        found = [
            self._amounts_differ(placed)
            for refusal in refusals
            if refusal.code == "amounts_differ"
            for placed in confirmed
            if " ".join(placed.tie.statement + placed.tie.ledger) == refusal.concerns
        ]
        for line, count in used_up.items():
            naming = [placed for placed in confirmed if line in placed.tie.statement + placed.tie.ledger]
            advice = "leave it out here, or correct the decision before"
            found += [
                Finding("line_used_up", "nothing is left of the line", placed.place, line, advice)
                for placed in naming[-count:]
            ]
        return sorted(found, key=_by_place)

    def _amounts_differ(self, placed: _Placed) -> Finding:
        sums = {side: self._sums(side, lines) for side, lines in zip(_SIDES, placed.tie, strict=True)}
        advice = "add the line that is missing, or correct the ids"
        if not (placed.tie.statement and placed.tie.ledger):
            both = " and ".join(_money(currency, units) for currency, units in _merged(*sums.values()).items())
            what = f"lines of one side must cancel, but these add up to {both}"
            return Finding("amounts_differ", what, placed.place, advice=advice)
        said = [" and ".join(_money(currency, units) for currency, units in sums[side].items()) for side in _SIDES]
        gap = _merged(sums["statement"], {currency: -units for currency, units in sums["ledger"].items()})
        difference = " and ".join(_money(currency, units) for currency, units in gap.items() if units)
        what = f"the statement lines add up to {said[0]}, the ledger lines to {said[1]}: the difference is {difference}"
        return Finding("amounts_differ", what, placed.place, advice=advice)

    def _sums(self, side: Side, lines: Sequence[str]) -> dict[str, int]:
        table, sums = self._tables[side], Counter[str]()
        for line in lines:
            row = self._rows[side][line]
            sums[table.currency.at(row)] += int(table.minor_units[row])
        return dict(sorted(sums.items()))


_SIDES: tuple[Side, Side] = ("statement", "ledger")


def _merged(left: dict[str, int], right: dict[str, int]) -> dict[str, int]:
    return {currency: left.get(currency, 0) + right.get(currency, 0) for currency in sorted({*left, *right})}


def _money(currency: str, minor_units: int) -> str:
    return f"{amount_text(minor_units, currency)} {currency}"


def _lines_of(tie: Tie) -> list[tuple[Side, str]]:
    statement: list[tuple[Side, str]] = [("statement", line) for line in tie.statement]
    return [*statement, *(("ledger", line) for line in tie.ledger)]


def _as_sets(tie: Tie) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(tie.statement), frozenset(tie.ledger)


def _by_place(finding: Finding) -> tuple[int, int]:
    return finding.place.line, finding.place.column
