"""Ties what the books say to what banks, marketplaces and payment providers say, and proves every match.

The public calls are looked up when they are first used, so that `import tieout` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from tieout.kernel.version import VERSION

if TYPE_CHECKING:
    from tieout.library import check, reconcile

__all__ = ["__version__", "check", "reconcile"]

__version__ = VERSION


def __getattr__(name: str) -> object:
    """The public call `name`. Raises AttributeError."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("tieout.library"), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
