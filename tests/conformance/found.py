"""The dialects that there are, each with what its own tests give the conformance suite; nothing lists them by hand."""

import importlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, cast

from hypothesis.strategies import SearchStrategy
from starlette.testclient import TestClient

from tests.house.sources import ROOT
from tieout.contracts.dialect import Dialect, Operation
from tieout.kernel.registry import modules_in
from tieout.services.context import Context

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]+)\}")

# An id that no store hands out: the largest that JSON readers of every language keep.
NO_SUCH_ID = str(2**53 - 1)


class RoundTrip(NamedTuple):
    """A shape that is written and read back: read(write(x)) = x for every x of the strategy."""

    name: str
    values: SearchStrategy[Any]
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


@dataclass(frozen=True)
class Found:
    """One dialect and the folder of its tests."""

    vendor: str
    dialect: Dialect[Context]

    @property
    def folder(self) -> Path:
        """Where its own tests lie."""
        return ROOT / "tests" / "dialects" / self.vendor

    def given(self, context: Context) -> dict[str, str]:
        """An organisation of its own, with a value for every placeholder in its paths, and `authorization`.

        A value under `header:NAME` is sent with every request; `no_such_id` is an id that nobody has, where the
        vendor's are no numbers.
        """
        return cast("dict[str, str]", self._given_module.given(context))

    @property
    def credential_header(self) -> str:
        """The header that carries `authorization`: its own name, unless given.py says CREDENTIAL_HEADER."""
        return str(getattr(self._given_module, "CREDENTIAL_HEADER", "authorization"))

    @property
    def _given_module(self) -> ModuleType:
        return importlib.import_module(f"tests.dialects.{self.vendor}.given")

    def round_trips(self) -> Sequence[RoundTrip]:
        """The shapes that are written and read back."""
        module = importlib.import_module(f"tests.dialects.{self.vendor}.round_trips")
        return [RoundTrip(*each) for each in module.ROUND_TRIPS]

    def exchanges(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Recorded exchanges by file name."""
        for path in sorted((self.folder / "exchanges").glob("*.json")):
            yield path.stem, json.loads(path.read_text("utf-8"))

    def served(self) -> Sequence[Operation]:
        """The operations that the dialect says it serves."""
        return [operation for operation in self.dialect.OPERATIONS if not operation.why_not]

    def client(
        self, context: Context, values: Mapping[str, str] | None = None, *, signed_in: bool = True
    ) -> TestClient:
        """Somebody who asks the dialect's application; a fault inside comes back as the dialect answers it.

        values: what `given` gave, for the headers of every request, the credential among them where it is signed in.
        What the vendor's face needs from outside, given.py puts into the context by `prepared`.
        """
        prepared: Context = getattr(self._given_module, "prepared", lambda plain: plain)(context)
        told = values or {}
        headers = {name.removeprefix("header:"): value for name, value in told.items() if name.startswith("header:")}
        if signed_in and "authorization" in told:
            headers[self.credential_header] = told["authorization"]
        application = self.dialect.application(prepared)
        return TestClient(application, raise_server_exceptions=False, follow_redirects=False, headers=headers)


def found() -> list[Found]:
    """Every dialect, in name order."""
    return [
        Found(module.__name__.rpartition(".")[2], cast("Dialect[Context]", module))
        for module in modules_in("tieout.dialects")
    ]


def filled(template: str, values: Mapping[str, str]) -> str:
    """A path or text with its placeholders filled in."""
    return _PLACEHOLDER.sub(lambda name: values[name[1]], template)


def placeholders(template: str) -> list[str]:
    """The names of the placeholders of a path."""
    return _PLACEHOLDER.findall(template)
