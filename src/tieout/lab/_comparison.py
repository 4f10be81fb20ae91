"""Compares confirmed matches with true groups, up to swapping interchangeable lines and joining instalments."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeAlias

from tieout.lab._truth import Kind, TrueGroup, Truth

# What a set of lines looks like when interchangeable lines are one: kind, and sorted names of both sides.
_Look: TypeAlias = tuple[str, tuple[str, ...], tuple[str, ...]]
# A side and the id of one of its lines.
_SideLine: TypeAlias = tuple[str, str]


class Lines(Protocol):
    """A true group or a match: lines of both sides."""

    @property
    def kind(self) -> Kind:
        """Across or within."""
        ...

    @property
    def statement(self) -> tuple[str, ...]:
        """Ids of the statement lines."""
        ...

    @property
    def ledger(self) -> tuple[str, ...]:
        """Ids of the ledger lines, empty within."""
        ...


class Comparison:
    """Which matches are right and which groups they confirm: `right` per match, `found` per group, in their orders."""

    def __init__(self, truth: Truth, matches: Sequence[Lines]) -> None:
        self._groups = truth.groups
        self._matches = matches
        self._stand_in = {line: alike[0] for alike in truth.interchangeable for line in alike}
        self.right = [False] * len(matches)
        self.found = [False] * len(truth.groups)
        self._claim_equal()
        left = [place for place, right in enumerate(self.right) if not right]
        self._index = self._groups_by_line(_all_lines(matches[place] for place in left))
        self._claim_unions([[place] for place in left])
        self._claim_unions(self._connected([place for place in left if not self.right[place]]))

    def truth_of(self, match: Lines) -> tuple[TrueGroup, ...]:
        """The true groups of the lines of a wrong match, statement lines first, each group once."""
        places = dict.fromkeys(place for line in _lines_of(match) for place in self._index.get(line, ()))
        return tuple(self._groups[place] for place in places)

    def _look(self, lines: Lines) -> _Look:
        return lines.kind, self._named(lines.statement), self._named(lines.ledger)

    def _named(self, lines: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(self._stand_in.get(line, line) for line in lines))

    def _claim_equal(self) -> None:
        """A match that looks like a group that no other match has claimed confirms it."""
        waiting: defaultdict[_Look, list[int]] = defaultdict(list)
        for place in range(len(self._groups) - 1, -1, -1):
            waiting[self._look(self._groups[place])].append(place)
        uses = self._uses_of_twins()
        for place, match in enumerate(self._matches):
            same = waiting.get(self._look(match))
            twins = [line for line in (*match.statement, *match.ledger) if line in self._stand_in]
            if same and all(uses[line] for line in twins):
                self.right[place] = self.found[same.pop()] = True
                uses.subtract(twins)

    def _uses_of_twins(self) -> Counter[str]:
        """How many matches each interchangeable line may serve: as many as the true groups of any line of its set."""
        uses = Counter(
            line for group in self._groups for line in (*group.statement, *group.ledger) if line in self._stand_in
        )
        highest: dict[str, int] = {}
        for line, count in uses.items():
            stand_in = self._stand_in[line]
            highest[stand_in] = max(count, highest.get(stand_in, 0))
        return Counter({line: highest.get(stand_in, 0) for line, stand_in in self._stand_in.items()})

    def _groups_by_line(self, wanted: frozenset[_SideLine]) -> dict[_SideLine, list[int]]:
        """Places of the true groups of the wanted lines."""
        index: defaultdict[_SideLine, list[int]] = defaultdict(list)
        for place, group in enumerate(self._groups if wanted else ()):
            for line in _lines_of(group):
                if line in wanted:
                    index[line].append(place)
        return dict(index)

    def _claim_unions(self, sets: Iterable[list[int]]) -> None:
        """Matches whose lines are the whole of some connected groups that nobody has claimed confirm all of them."""
        for places in sets:
            matches = [self._matches[place] for place in places]
            inside = self._groups_inside(matches)
            groups = [self._groups[place] for place in inside]
            same_kind = len({lines.kind for lines in (*matches, *groups)}) == 1
            if groups and same_kind and _all_lines(matches) == _all_lines(groups) and _hang_together(groups):
                for place in places:
                    self.right[place] = True
                for place in inside:
                    self.found[place] = True

    def _groups_inside(self, matches: Iterable[Lines]) -> list[int]:
        """Unclaimed groups all of whose lines are lines of the matches."""
        lines = _all_lines(matches)
        near = dict.fromkeys(place for line in lines for place in self._index.get(line, ()))
        return [place for place in near if not self.found[place] and _all_lines([self._groups[place]]) <= lines]

    def _connected(self, places: Sequence[int]) -> list[list[int]]:
        """Matches grouped by the lines that they share, more than one in each group."""
        users: defaultdict[_SideLine, list[int]] = defaultdict(list)
        for place in places:
            for line in _all_lines([self._matches[place]]):
                users[line].append(place)
        return [part for part in _parts(places, users.values()) if len(part) > 1]


def _lines_of(lines: Lines) -> list[_SideLine]:
    """Statement lines first, each side in its order."""
    return [("statement", line) for line in lines.statement] + [("ledger", line) for line in lines.ledger]


def _all_lines(sets: Iterable[Lines]) -> frozenset[_SideLine]:
    return frozenset(line for lines in sets for line in _lines_of(lines))


def _hang_together(groups: Sequence[TrueGroup]) -> bool:
    """Whether the groups are connected by lines that they share."""
    users: defaultdict[_SideLine, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        for line in _all_lines([group]):
            users[line].append(place)
    return len(_parts(range(len(groups)), users.values())) == 1


def _parts(places: Iterable[int], neighbours: Iterable[Sequence[int]]) -> list[list[int]]:
    """Connected parts, each in order; `neighbours` lists places that belong to one part."""
    parent = {place: place for place in places}

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for near in neighbours:
        for place in near[1:]:
            parent[root(place)] = root(near[0])
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for place in parent:
        parts[root(place)].append(place)
    return list(parts.values())
