"""What can be wrong with a request before a service sees it; each dialect spells it in its own status and words."""

from typing import ClassVar, NamedTuple

from tieout.kernel.errors import TieoutError


class HttpFault(NamedTuple):
    """One such thing: what HTTP calls it, a stable code, and what it concerns."""

    status: int  # as HTTP has it; a dialect may choose another of the 4xx
    code: str
    what: str  # in English, for developers
    concerns: str = ""  # a header, a query parameter, a place in the body
    headers: tuple[tuple[str, str], ...] = ()  # that the answer must carry: Allow, Retry-After


class RequestFault(TieoutError):
    """A request cannot be answered as it was sent."""

    code: ClassVar[str] = "request_fault"

    def __init__(self, *faults: HttpFault) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.concerns}: {fault.what}".removeprefix(": ") for fault in faults))

    @property
    def fault(self) -> HttpFault:
        """The first fault."""
        return self.faults[0]


def no_such_path() -> HttpFault:
    """Nothing is served under this path."""
    return HttpFault(404, "no_such_path", "there is nothing under this path")


def method_not_allowed(allowed: tuple[str, ...]) -> HttpFault:
    """The path is served, but not with this method."""
    methods = ", ".join(sorted(allowed))
    return HttpFault(405, "method_not_allowed", f"this path answers {methods}", "", (("allow", methods),))


def body_too_large(limit: int) -> HttpFault:
    """The body has more bytes than are read."""
    return HttpFault(413, "body_too_large", f"the body has more than {limit} bytes")


def body_too_slow() -> HttpFault:
    """The body stopped coming."""
    return HttpFault(408, "body_too_slow", "the rest of the body did not come", "", (("connection", "close"),))


def body_not_allowed() -> HttpFault:
    """A body where none is read."""
    return HttpFault(400, "body_not_allowed", "this method takes no body")


def unsupported_media_type(taken: tuple[str, ...]) -> HttpFault:
    """The body is in a form that is not read."""
    return HttpFault(415, "unsupported_media_type", f"the body must be {' or '.join(taken)}", "content-type")


def not_acceptable(offered: tuple[str, ...]) -> HttpFault:
    """No form that the client accepts is written."""
    return HttpFault(406, "not_acceptable", f"answers are {' or '.join(offered)}", "accept")


def bad_parameter(name: str, what: str, code: str = "bad_parameter") -> HttpFault:
    """A query parameter that cannot be read."""
    return HttpFault(400, code, what, name)


def own_fault() -> HttpFault:
    """tieout itself failed; what happened stands in the log, under the request's id."""
    return HttpFault(500, "own_fault", "the server failed; nothing was changed")
