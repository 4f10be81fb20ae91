"""The key of what we made, where Tryton keeps it without printing it: alone in a field, so that equality finds it."""

_MARK = "tieout "


def mark_of(key: str) -> str:
    """What stands in the field."""
    return _MARK + key


def key_of(field: str | None) -> str:
    """The key in such a field; empty for what somebody else wrote there."""
    return field.removeprefix(_MARK) if is_mark(field) and field else ""


def is_mark(field: str | None) -> bool:
    """Whether a field holds a key of ours."""
    return bool(field) and str(field).startswith(_MARK)


def party_mark_of(object_type: str, key: str) -> str:
    """What stands among the identifiers of a party, which Tryton shows as customer and as vendor alike."""
    return mark_of(f"{object_type} {key}")


def party_key_of(object_type: str, field: str | None) -> str:
    """The key in an identifier of a party, where we made it as this type of object."""
    told, _, key = key_of(field).partition(" ")
    return key if told == object_type else ""
