"""Forms: some of the vendor's clients sign in with one."""

import re
from urllib.parse import parse_qsl

from tieout.contracts.exact_json import BadJson, JsonFault
from tieout.dialects.kashflow.wire import Received

FORM = "application/x-www-form-urlencoded"

# A sign-in has a dozen fields.
_FIELDS_MAX = 100
# A list, a place in it and a field: no body of the vendor's is deeper.
_STEPS_MAX = 3
_PLACE_LENGTH_MAX = 4
# The names inside MemorableWordList[0].Position, however they are strung together.
_STEP = re.compile(r"[^.\[\]]+")


def form_read(body: bytes) -> Received:
    """The fields of a form: `A[0].B` and `A[0][B]` stand for B of the first member of the list A.

    Raises BadJson, as bodies of JSON do: `bad_request` for what is no form, `twice` for a field that is given again.
    """
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS_MAX)
    except ValueError:
        raise _bad("bad_request", "") from None
    tree: dict[str, Received] = {}
    for name, value in pairs:
        _put(tree, name, value)
    return _lists(tree)


def _put(tree: dict[str, Received], name: str, value: str) -> None:
    steps = _STEP.findall(name) or [name]
    if len(steps) > _STEPS_MAX:
        raise _bad("bad_request", name[:60])
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            raise _bad("bad_request", name[:60])
    if steps[-1] in tree:
        raise _bad("twice", name[:60])
    tree[steps[-1]] = value


def _lists(tree: Received) -> Received:
    """The tree with a list for every object whose names are all numbers."""
    if not isinstance(tree, dict):
        return tree
    if tree and all(_is_place(name) for name in tree):
        return [_lists(tree[name]) for name in sorted(tree, key=int)]
    return {name: _lists(value) for name, value in tree.items()}


def _is_place(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) <= _PLACE_LENGTH_MAX


def _bad(code: str, path: str) -> BadJson:
    return BadJson((JsonFault(path, code, "this is not a form as it should be"),))
