"""For every open line the nearest candidate of the other side, and the first reason why the two are not tied."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tieout.domain.kinds import Side
from tieout.domain.line_table import texts_at, texts_of
from tieout.domain.matches import Match, MatchState
from tieout.domain.plans import Plan
from tieout.domain.results import OpenLine, amount_text
from tieout.matching.codes import NO_CODE
from tieout.matching.engine import Outcome
from tieout.matching.evidence import codes_against
from tieout.matching.matchers.sum_of_many import BLOCK_LINES_MAX
from tieout.matching.proposals import Ambiguous
from tieout.services.files.candidates import Candidates, Level, candidates
from tieout.services.files.closest import NONE

_OTHER: dict[Side, Side] = {"statement": "ledger", "ledger": "statement"}
_SIDES: tuple[Side, Side] = ("statement", "ledger")
_POINTING = ("exact_reference", "reference_in_text")
_COUNTS = {2: "two", 3: "three"}
# The evidence that may speak against a pair, by its code.
AGAINST_WORDS = {
    "names_other": "the bank's text names another open document",
    "accounts_differ": "the counterparty accounts differ",
    "parties_differ": "the names have nothing in common",
    "own_transfer": "the counterparty account is one of your own",
    "other_reference": "the bank gives another document's number",
    "before_document": "paid before the document was written",
    "bank_charge": "the bank's text calls it a charge, interest or an own transfer",
    "outside_window": "the dates lie further apart than the plan allows",
    "overpaid": "more was paid than the document asks for",
    "posted_whole": "what is posted does not arrive in parts",
    "text_cut": "the bank cut its text, so more documents may be meant",
}
_NEVER = "an amount of zero is never matched"


class Nearest:
    """Finds the candidates of an outcome, looks at its matches one by one, and then says why each line is open."""

    def __init__(self, outcome: Outcome, plan: Plan, settled: Iterable[str], lines: Sequence[OpenLine]) -> None:
        """lines: the open lines of the outcome. settled: ids of open items that a book entry settles."""
        self._outcome, self._lines, self._settled = outcome, lines, frozenset(settled)
        self._windows = {True: _window(plan, pointing=True), False: _window(plan, pointing=False)}
        self._of_side = {side: _OfSide(outcome, side, lines) for side in _SIDES}
        self._waiting = _waiting(outcome)
        named = [(_OTHER[side], line) for side, found in self._of_side.items() for line in found.ids]
        self._tied_in: dict[tuple[Side, str], int] = dict.fromkeys(named, 0)

    def take(self, match: Match) -> None:
        """Look at one match: it may tie a candidate, or propose what to do with an open line."""
        if match.state is MatchState.CONFIRMED:
            for side, line, _, _ in match.allocations:
                if (side, line) in self._tied_in:
                    self._tied_in[side, line] = match.id
            return
        why = match.reasons[-1].removeprefix("only proposed: ").removeprefix("but ") if match.reasons else ""
        words = f"proposed in match {match.id}: {why}".removesuffix(": ")
        for leg in match.allocations:
            opposite = [other.line for other in match.allocations if other.side != leg.side]
            beside = [other.line for other in match.allocations if other.line != leg.line]
            self._waiting.setdefault((leg.side, leg.line), ((opposite or beside or [""])[0], words))

    def lines(self) -> tuple[OpenLine, ...]:
        """The open lines with their nearest candidates, in the order they were given."""
        places = dict.fromkeys(_SIDES, 0)
        found = []
        for part in self._lines:
            nearest, why_not = self._said(part, places[part.side])
            places[part.side] += 1
            found.append(part._replace(nearest=nearest, why_not=why_not))
        return tuple(found)

    def _said(self, part: OpenLine, place: int) -> tuple[str, str]:
        found = self._of_side[part.side]
        waiting = self._waiting.get((part.side, part.line))
        if waiting is not None:
            nearest, words = waiting
            return nearest or found.ids[place], words
        if found.pairs.rows[place] == NONE:
            return "", f"no {_OTHER[part.side]} line in {part.currency}"
        return found.ids[place], self._why_not(part, found, place)

    def _why_not(self, part: OpenLine, found: "_OfSide", place: int) -> str:
        """The first constraint that the pair fails: taken, amount, days, evidence."""
        pairs, line = found.pairs, found.ids[place]
        if not part.remaining:
            return _NEVER
        if pairs.taken[place]:
            return self._why_taken(part, pairs.rows[place], line)
        if pairs.difference[place]:
            crowd = found.crowd(part.row)
            if pairs.levels[place] is Level.PARTY and crowd > BLOCK_LINES_MAX:
                return f"not searched further: {crowd} open lines of this counterparty"
            return f"amount differs by {amount_text(pairs.difference[place], part.currency)} {part.currency}"
        window = self._windows[pairs.levels[place] is Level.REFERENCE]
        if pairs.days_apart[place] > window:
            return f"{pairs.days_apart[place]} days apart, the window is {window}"
        against = codes_against(pairs.against[place])
        if against:
            return AGAINST_WORDS[against[0]]
        account = pairs.other_account[place]
        return f"posted on account {account}" if account is not None else "nothing but the amount speaks for it"

    def _why_taken(self, part: OpenLine, row: int, line: str) -> str:
        """Why nothing of the candidate is left for this line."""
        match = self._tied_in[_OTHER[part.side], line]
        problem = self._outcome.problem
        if match:
            return f"already tied in match {match}"
        if part.side == "statement" and line in self._settled:
            return "already settled in the books"
        if part.side == "ledger" and row in self._outcome.held:
            return "waits for its book entry"
        other = problem.ledger if part.side == "statement" else problem.statement
        return "set aside by a decision" if other.amount[row] else _NEVER


class _OfSide:
    """The open lines of one side beside their candidates."""

    def __init__(self, outcome: Outcome, side: Side, lines: Sequence[OpenLine]) -> None:
        problem = outcome.problem
        own, other = (problem.statement, problem.ledger) if side == "statement" else (problem.ledger, problem.statement)
        self.pairs: Candidates = candidates(problem, side, [part for part in lines if part.side == side])
        known = [row for row in self.pairs.rows if row != NONE]
        texts = iter(texts_at(other.table.id, known))
        self.ids = [next(texts) if row != NONE else "" for row in self.pairs.rows]
        self._party = own.party
        self._open_lines_of = Counter(other.party[other.open].tolist())

    def crowd(self, row: int) -> int:
        """How many open lines the other side has of this line's counterparty."""
        code = int(self._party[row])
        return 0 if code == NO_CODE else self._open_lines_of[code]


def _window(plan: Plan, *, pointing: bool) -> int:
    """The widest window of the passes that a reference leads, or of those that an amount leads."""
    days = [rule.days for rule in plan.passes if (rule.matcher in _POINTING) == pointing]
    return max(days or [rule.days for rule in plan.passes])


def _waiting(outcome: Outcome) -> dict[tuple[Side, str], tuple[str, str]]:
    """Lines that have several answers, with the first of them, or none that was found, and how many there are."""
    tables = (outcome.problem.statement.table, outcome.problem.ledger.table)
    ids = [texts_of(table.id, len(table)) for table in tables]
    found: dict[tuple[Side, str], tuple[str, str]] = {}
    for each in outcome.ambiguous:
        first = ids[each.answers_side][each.answers[0][0]] if each.answers else ""
        words = f"{_counted(each)}: see ambiguous" if each.answers else "not searched further: too many sums"
        for row in each.rows:
            found.setdefault((_SIDES[each.side], ids[each.side][row]), (first, words))
    for each in outcome.ambiguous:
        fixed = ids[each.side][each.rows[0]]
        words = f"one of {_counted(each)} to {fixed}: see ambiguous"
        for row in {row for answer in each.answers for row in answer}:
            found.setdefault((_SIDES[each.answers_side], ids[each.answers_side][row]), (fixed, words))
    return found


def _counted(each: Ambiguous) -> str:
    count = len(each.answers)
    words = _COUNTS.get(count, str(count))
    return f"{words} answers or more" if each.more else f"{words} answers"
