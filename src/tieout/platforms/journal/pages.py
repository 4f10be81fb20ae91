"""Pages of objects behind a cursor that remembers each span by its checksum.

Files have no log of changes, so the cursor says what every span looked like when it was pulled:
`2026-10=3f..,2026-11=9a..`. A span that looks different is given again from its first object; the span that a page
ended in stands last, with how many of its objects were given. What is gone from a span is told by its ids.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

from tieout.contracts.platform import PlatformFault, Pulled, PulledPage, SpanSum
from tieout.platforms.journal.contents import Dated

_DONE = re.compile(r"([^=,;]+)=([0-9a-f]{16})")
_IN_SPAN = re.compile(r"([^=,;]+)=([0-9a-f]{16})\+([0-9]{1,9})")


class _Cursor(NamedTuple):
    done: Mapping[str, str]  # span: checksum
    span: str  # the one that a page ended in; empty behind a whole one
    checksum: str
    given: int


class Span(NamedTuple):
    """The objects of one span of days, in the ledger's order."""

    name: str
    objects: tuple[Pulled, ...]
    checksum: str


def spans_of(objects: Sequence[Dated]) -> tuple[Span, ...]:
    """Objects that are ordered by span, span by span."""
    return tuple(
        Span(name, pulled, checksum_of(pulled))
        for name, group in groupby(objects, key=lambda dated: dated.span)
        if (pulled := tuple(dated.pulled for dated in group))
    )


def page_behind(spans: Sequence[Span], cursor: str, limit: int) -> PulledPage:
    """At most `limit` objects of the spans that changed behind the cursor. Raises PlatformFault for no cursor of ours.

    spans: all there are, in their order.
    """
    known, page = _read(cursor), list[Pulled]()
    done = {span.name: known.done[span.name] for span in spans if span.name in known.done}
    for span in spans:
        if done.get(span.name) == span.checksum:
            continue
        first = known.given if (span.name, span.checksum) == (known.span, known.checksum) else 0
        behind = first + max(limit, 1) - len(page)
        page += span.objects[first:behind]
        if behind < len(span.objects):
            return PulledPage(page, _written(_Cursor(done, span.name, span.checksum, behind)), more=True)
        done[span.name] = span.checksum
    return PulledPage(page, _written(_Cursor(done, "", "", 0)), more=False)


def span_sums(spans: Iterable[Span], *, without: Iterable[str] = ()) -> dict[str, SpanSum]:
    """By span how many objects there are and their checksum; `without` are keys that change without being edited."""
    left_out = frozenset(without)
    return {
        span.name: SpanSum(len(span.objects), checksum_of(span.objects, left_out) if left_out else span.checksum)
        for span in spans
    }


def checksum_of(objects: Iterable[Pulled], left_out: frozenset[str] = frozenset()) -> str:
    """A short digest of what some objects say."""
    digest = sha256()
    for pulled in objects:
        content = {name: value for name, value in pulled.content.items() if name not in left_out}
        digest.update(json.dumps([pulled.platform_object_id, content], sort_keys=True).encode())
    return digest.hexdigest()[:16]


def _read(cursor: str) -> _Cursor:
    done_text, _, span_text = cursor.partition(";")
    done = [_DONE.fullmatch(part) for part in done_text.split(",") if part]
    in_span = _IN_SPAN.fullmatch(span_text) if span_text else None
    if None in done or (span_text and not in_span):
        raise PlatformFault("refused", f"{cursor[:60]!r} is no cursor of this platform; pull from the beginning")
    whole = {found[1]: found[2] for found in done if found}
    return _Cursor(whole, in_span[1], in_span[2], int(in_span[3])) if in_span else _Cursor(whole, "", "", 0)


def _written(cursor: _Cursor) -> str:
    done = ",".join(f"{span}={checksum}" for span, checksum in sorted(cursor.done.items()))
    return f"{done};{cursor.span}={cursor.checksum}+{cursor.given}" if cursor.span else done
