"""The nearest valid name, for errors that help."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name that the user most likely meant; None when nothing is close."""
    close = get_close_matches(name, sorted(valid), n=1, cutoff=0.5)
    return close[0] if close else None


def did_you_mean(name: str, valid: Iterable[str]) -> str:
    """`did you mean "x"?`, or the whole list when nothing is close."""
    names = sorted(valid)
    close = nearest(name, names)
    return f'did you mean "{close}"?' if close else f"valid are {', '.join(names)}"
