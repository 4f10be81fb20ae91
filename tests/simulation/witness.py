"""The platform of the simulation: it misbehaves as the stub does, and remembers what it said, to be held against us."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.given_platform import PUSHED, Stub
from tieout.contracts.platform import PlatformFault, PulledPage, Pushed

PUSHED_TYPES = PUSHED
# Faults of a push that say that nothing happened.
_NOTHING = ("unavailable", "unauthorised", "settings")


@dataclass
class Witness(Stub):
    """A stub that notes what it was asked, what it said of each key, and what it ever had."""

    wanted: Callable[[str, str], str] = lambda _type, _key: ""
    said: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # ids by key; empty for nothing there
    ever: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    faults: list[str] = field(default_factory=list)

    def put(self, object_type: str, content: Mapping[str, Any], *, id: str = "", key: str = "") -> str:  # noqa: A002
        """As the stub; the id is remembered."""
        made = super().put(object_type, content, id=id, key=key)
        self.ever[object_type].add(made)
        return made

    def pull(self, object_type: str, cursor: str, limit: int) -> PulledPage:
        """As the stub; whoever is shown an object under its key knows that it is there."""
        page = super().pull(object_type, cursor, limit)
        for each in page.objects:
            if each.key:
                self.said[each.key].add(each.platform_object_id)
        return page

    def push(self, object_type: str, key: str, body: Mapping[str, Any]) -> Pushed:
        """As the stub, unless nobody wants this any more."""
        if fault := self.wanted(object_type, key):
            self.faults.append(f"{object_type} {key} was sent: {fault}")
        try:
            return super().push(object_type, key, body)
        except PlatformFault as fault:
            if fault.kind in _NOTHING:
                self.said[key].add("")
            raise

    def find(self, object_type: str, key: str) -> Pushed | None:
        """As the stub."""
        found = super().find(object_type, key)
        self.said[key].add(found.platform_object_id if found else "")
        return found
