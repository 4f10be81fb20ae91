"""What a face says about lines without tying them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A statement of one face about lines of an entity: kept, listed and removed again; it uses nothing of any line.

    Its id is one of those that matches have, so that a face may list both under one number.
    """

    entity_id: int
    id: int
    extra: str  # JSON text, by face: what was said
    created_at: int
    created_by: str
