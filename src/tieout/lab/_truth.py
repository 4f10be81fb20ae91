"""The shape of truth.json (described in tieout.lab.generate) and strict reading of it."""

import pathlib
from typing import Literal, TypeVar

import msgspec

from tieout.kernel.errors import UsageError

Kind = Literal["across", "within"]


class TrueGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False, rename={"class_name": "class"}):
    """Lines that truly belong together."""

    class_name: str
    kind: Kind
    statement: tuple[str, ...]
    ledger: tuple[str, ...]
    decidable: bool


class Truth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A truth.json, whole."""

    tieout: str
    seed: int
    mix: str
    lines: int
    groups: list[TrueGroup]
    interchangeable: list[tuple[str, ...]]


_Shape = TypeVar("_Shape")


def read_json(path: pathlib.Path, shape: type[_Shape], what: str) -> _Shape:
    """The file as the shape says. Raises UsageError that names the file and the member that does not fit."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=shape)
    except OSError as error:
        raise UsageError(f"{path}: cannot read {what}: {error.strerror}") from None
    except msgspec.MsgspecError as error:
        raise UsageError(f"{path}: this is not {what}: {error}") from None
