"""Names as people write them: the same account in groups of digits, the valid name that was meant."""

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


def without_blanks(account: str) -> str:
    """The account number as it is compared: banks, books and people group its digits differently."""
    return "".join(account.split())
