"""What does not fit in a JSON body, with its place: every field, not only the first."""

import re
import types
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, ClassVar, NamedTuple, Union, get_args, get_origin

import msgspec

from tieout.kernel.errors import TieoutError

# Enough to correct a whole file at once; more only scrolls.
FAULTS_MAX = 100

_TYPE_NAME = re.compile("`([^`]*)`")
_IN_WORDS = {
    "int": "a whole number",
    "JsonNumber": "a number with a fraction or too many digits",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}

_Decode = Callable[[type, Any], Any]


class JsonFault(NamedTuple):
    """One place of a body that does not fit."""

    path: str  # lines[3].amount; empty for the body itself
    code: str  # not_json, too_deep, twice, required, unknown_field, not_an_amount, not_allowed, wrong_type, ...
    what: str


class BadJson(TieoutError):
    """A body is not JSON, or does not have the shape that is asked for."""

    code: ClassVar[str] = "bad_json"

    def __init__(self, faults: tuple[JsonFault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.path}: {fault.what}" if fault.path else fault.what for fault in faults))

    @property
    def path(self) -> str:
        """Where the first fault is: `lines[3].amount`; empty for the body itself."""
        return self.faults[0].path

    @property
    def what(self) -> str:
        """What the first fault is, in words."""
        return self.faults[0].what


def faults_of(tree: Any, into: Any, decode: _Decode, misfit: msgspec.ValidationError) -> tuple[JsonFault, ...]:
    """Every place of the tree that does not fit the type, the first hundred; the one that msgspec named at least."""
    found = tuple(islice(_faults(tree, into, "", decode), FAULTS_MAX))
    return found or (_fault_named(misfit, ""),)


def _faults(value: Any, into: Any, path: str, decode: _Decode) -> Iterator[JsonFault]:
    into = _without_none(value, into)
    if isinstance(into, type) and issubclass(into, msgspec.Struct) and isinstance(value, dict):
        yield from _faults_of_fields(value, into, path, decode)
    elif get_origin(into) in (list, tuple) and isinstance(value, list):
        for index, element in enumerate(value):
            yield from _faults(element, get_args(into)[0], f"{path}[{index}]", decode)
    else:
        try:
            msgspec.convert(value, into, dec_hook=decode)
        except msgspec.ValidationError as misfit:
            yield _fault_named(misfit, path)


def _without_none(value: Any, into: Any) -> Any:
    """The one type of `X | None` where a value is given."""
    if get_origin(into) in (types.UnionType, Union) and value is not None:
        others = [part for part in get_args(into) if part not in (type(None), msgspec.UnsetType)]
        return others[0] if len(others) == 1 else into
    return into


def _faults_of_fields(value: dict[str, Any], into: Any, path: str, decode: _Decode) -> Iterator[JsonFault]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(into)}
    before = f"{path}." if path else ""
    for name, field in fields.items():
        if name in value:
            yield from _faults(value[name], field.type, f"{before}{name}", decode)
        elif field.required:
            yield JsonFault(f"{before}{name}", "required", "this must be given")
    if into.__struct_config__.forbid_unknown_fields:
        for name in value:
            if name not in fields:
                yield JsonFault(f"{before}{name}", "unknown_field", "there is no such field here")


def _fault_named(misfit: msgspec.ValidationError, path: str) -> JsonFault:
    """The fault that a message of msgspec names: ``Expected `int`, got `str` - at `$.lines[3]` ``."""
    what, _, place = str(misfit).partition(" - at `$")
    inner = place.rstrip("`")
    where = f"{path}{inner}" if path else inner.lstrip(".")
    if what == "not_an_amount":
        return JsonFault(where, what, "this is not an amount like -1234.50")
    code = "not_allowed" if what.startswith("Invalid ") else "wrong_type"
    return JsonFault(
        where, code, _TYPE_NAME.sub(lambda found: _IN_WORDS.get(found[1], found[1]), what[:1].lower() + what[1:])
    )
