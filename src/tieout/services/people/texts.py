"""What names of people and entities may be."""

from tieout.kernel.errors import Refusal

NAME_LENGTH_MAX = 200


def text_refusals(concerns: str, text: str, length_max: int = NAME_LENGTH_MAX) -> tuple[Refusal, ...]:
    """Every reason against a name: nothing in it, too long, or characters that no screen shows."""
    if not text.strip():
        return (Refusal("required", concerns),)
    found = []
    if len(text) > length_max:
        found.append(Refusal("too_long", concerns, (("length_max", str(length_max)),)))
    if not text.isprintable():
        found.append(Refusal("not_allowed", concerns))
    return tuple(found)
