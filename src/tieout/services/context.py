"""What every service is handed: the store, the clock, chance, and the parts that only the composition root knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tieout.contracts.importer import Importer
from tieout.contracts.settings import DEFAULT_SETTINGS, ProcessSettings
from tieout.kernel.errors import Refusal
from tieout.services.known_tokens import KnownFamily, KnownToken, TokenUse
from tieout.store.protocols import Store

if TYPE_CHECKING:
    from tieout.contracts.connector import Connector
    from tieout.contracts.platform import Platform
    from tieout.contracts.sealing import Sealer
    from tieout.domain.plans import Plan
    from tieout.matching.engine import Matcher


@dataclass(frozen=True, slots=True)
class Context:
    """The same for every request of one process."""

    store: Store
    now: Callable[[], int]  # microseconds since 1970 UTC
    random_bytes: Callable[[int], bytes]
    sealer: "Sealer"
    importers: tuple[Importer, ...]
    matchers: "Callable[[], Mapping[str, Matcher]]"
    plan: "Callable[[], Plan]"
    settings: ProcessSettings = DEFAULT_SETTINGS
    platforms: "Callable[[], Mapping[str, Platform]]" = dict  # by name
    connectors: "Callable[[], Mapping[str, Connector]]" = dict  # by name
    # By digest, what this process found out about tokens; never trusted without asking whether it still holds.
    known_tokens: dict[bytes, KnownToken] = field(default_factory=dict, repr=False, compare=False)
    known_families: dict[bytes, KnownFamily] = field(default_factory=dict, repr=False, compare=False)
    token_uses: dict[bytes, TokenUse] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Denied:
    """The answer of a service whose request a rule refused; nothing was changed.

    count: how many refusals there are where only the first are listed; None where they all are.
    """

    refusals: tuple[Refusal, ...]
    count: int | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the refusals, in order."""
        return tuple(refusal.code for refusal in self.refusals)


def denied(code: str, concerns: str = "", **facts: str) -> Denied:
    """One refusal."""
    return Denied((Refusal(code, concerns, tuple(sorted(facts.items()))),))
