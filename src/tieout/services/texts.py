"""Which texts can be kept, by every store and in every answer."""

from collections.abc import Iterable

from tieout.kernel.errors import Refusal

# The longest remittance text of a bank file is some 9,000 characters (camt.053 with repeated unstructured lines).
TEXT_LENGTH_MAX = 10_000


def text_refusals(texts: Iterable[tuple[str, str]]) -> list[Refusal]:
    """Why texts cannot be kept, as (where, text): too long, or marks that no database and no XML holds."""
    found = []
    for where, text in texts:
        if len(text) > TEXT_LENGTH_MAX:
            found.append(Refusal("too_long", where, (("most", str(TEXT_LENGTH_MAX)),)))
        elif not is_keepable(text):
            found.append(Refusal("not_allowed", where))
    return found


def is_keepable(text: str) -> bool:
    """Whether a text is whole Unicode without NUL; PostgreSQL keeps no NUL, and half a surrogate pair is no text."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
