"""What a dialect is: one package under `tieout.dialects` that spells one vendor's API over the core.

The registry finds it, the dispatcher serves it, the conformance suite and docs/coverage.md read it; nothing lists it by
hand.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from tieout.domain.people import Face

if TYPE_CHECKING:
    from starlette.types import ASGIApp

# What an application is handed: `services.context.Context`, which this floor does not know.
Context_contra = TypeVar("Context_contra", contravariant=True)


class Operation(NamedTuple):
    """One operation of a vendor's contract, served or not."""

    method: str  # GET, POST, ...
    path: str  # as the vendor writes it, with names in braces: /entities/{entity_id}/reconciles
    purpose: str  # a few words
    why_not: str = ""  # empty where it is served; otherwise why it is not


class Dialect(Protocol[Context_contra]):
    """The shape of a package under `tieout.dialects`."""

    FACE: Face
    PREFIXES: tuple[str, ...]  # literal beginnings of its paths; no two dialects share one
    OPERATIONS: Sequence[Operation]  # every operation of the contract
    SPELLED: Mapping[str, object]  # every code of domain.rules in the vendor's terms

    def application(self, context: Context_contra) -> "ASGIApp":
        """The application that answers every path below the prefixes, unknown ones included."""
        ...
