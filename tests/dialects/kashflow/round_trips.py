"""Every shape of the wire, written and read back in both forms."""

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tieout.contracts.exact_json import read_tree
from tieout.dialects.kashflow.dotnet_json import json_written
from tieout.dialects.kashflow.dotnet_xml import xml_read, xml_written
from tieout.dialects.kashflow.shapes_accounts import (
    ACCOUNT,
    ACCOUNT_CHANGE,
    ACCOUNT_LISTED,
    ACCOUNT_PAGE,
    PAYMENT_TYPE,
    Code,
)
from tieout.dialects.kashflow.shapes_paging import PAGE_LINKS
from tieout.dialects.kashflow.shapes_reconciliations import (
    ENTRY,
    FAILED,
    NEXT,
    RECONCILIATION,
    RECONCILIATION_CHANGE,
    RECONCILIATION_PAGE,
    TICKS,
)
from tieout.dialects.kashflow.shapes_sessions import LOGIN, REMEMBERED, SESSION
from tieout.dialects.kashflow.shapes_transactions import (
    NOT_DELETED,
    TRANSACTION,
    TRANSACTION_CHANGE,
    TRANSACTION_PAGE,
)
from tieout.dialects.kashflow.wire import WHOLE_MAX, Amount, Kind, Members, Moment, Part, Shape, Truth, Whole, Words

SHAPES: tuple[Shape[Any], ...] = (
    ACCOUNT,
    ACCOUNT_CHANGE,
    ACCOUNT_LISTED,
    ACCOUNT_PAGE,
    ENTRY,
    FAILED,
    LOGIN,
    PAGE_LINKS,
    NEXT,
    NOT_DELETED,
    PAYMENT_TYPE,
    RECONCILIATION,
    RECONCILIATION_CHANGE,
    RECONCILIATION_PAGE,
    REMEMBERED,
    SESSION,
    TICKS,
    TRANSACTION,
    TRANSACTION_CHANGE,
    TRANSACTION_PAGE,
)

_FIRST, _LAST = (each.toordinal() - date(1970, 1, 1).toordinal() for each in (date(1, 1, 1), date(9999, 12, 31)))
# Every text that an XML document can hold; a carriage return would come back as the end of a line.
_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\t<>&\"'"), max_size=12)
_AMOUNTS = st.integers(-(2**63) + 1, 2**63 - 1) | st.sampled_from([0, 1, -1, 10_000, -49_800_400])


def _values(kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case Part():
            return _nouns(kind.shape)
        case Members():
            return st.lists(_values(kind.kind), max_size=3).map(tuple)
        case Amount():
            return _AMOUNTS
        case Moment():
            return st.integers(_FIRST, _LAST)
        case Whole():
            return st.integers(0, WHOLE_MAX)
        case Truth():
            return st.booleans()
        case Code():
            return st.sampled_from(["", "0", "1200", "007", "12-A"]) | _TEXTS
        case Words():
            return _TEXTS
    raise AssertionError(kind)


def _nouns(shape: Shape[Any]) -> st.SearchStrategy[Any]:
    """Nouns of a shape; where a property may be absent it sometimes is."""
    optional = {field.name for field in dataclasses.fields(shape.noun) if field.default is None}
    given = {
        field.attribute: (_values(field.kind) | st.none()) if field.attribute in optional else _values(field.kind)
        for field in shape.fields
    }
    return st.builds(shape.noun, **given)


def _in_json(shape: Shape[Any]) -> tuple[str, st.SearchStrategy[Any], Callable[[Any], Any], Callable[[Any], Any]]:
    return (
        f"{shape.noun.__name__} of {len(shape.fields)} fields as JSON",
        _nouns(shape),
        lambda noun: json_written(shape.write(noun)),
        lambda body: shape.read(read_tree(body, lenient_commas=True)),
    )


def _in_xml(shape: Shape[Any]) -> tuple[str, st.SearchStrategy[Any], Callable[[Any], Any], Callable[[Any], Any]]:
    return (
        f"{shape.noun.__name__} of {len(shape.fields)} fields as XML",
        _nouns(shape),
        lambda noun: xml_written(shape.write(noun), shape.type_name),
        lambda body: shape.read(xml_read(body)),
    )


ROUND_TRIPS = [made(shape) for shape in SHAPES for made in (_in_json, _in_xml)]
