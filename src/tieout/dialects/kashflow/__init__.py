"""KashFlow's REST API v2 for banking, over the core: what it covers and where it deviates stands in README.md."""

from tieout.dialects.kashflow.application import application
from tieout.dialects.kashflow.operations import OPERATIONS
from tieout.dialects.kashflow.refusals import SPELLED
from tieout.domain.people import Face

__all__ = ("FACE", "OPERATIONS", "PREFIXES", "SPELLED", "application")

FACE = Face.KASHFLOW
PREFIXES = ("/v2",)
