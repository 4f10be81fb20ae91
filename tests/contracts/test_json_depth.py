"""How deep a text is nested, told without reading it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.contracts.json_depth import deeper_than


def depth(tree: Any) -> int:
    """Levels of arrays and objects, counted by walking."""
    if isinstance(tree, dict):
        return 1 + max(map(depth, tree.values()), default=0)
    if isinstance(tree, list):
        return 1 + max(map(depth, tree), default=0)
    return 0


# Texts full of what could be taken for structure: without escapes, which is the quick way, and with them.
BRACKETS = st.text(st.sampled_from("[]{}"), max_size=6)
ANY_MARKS = st.text(st.sampled_from('[]{}"\\,: a'), max_size=6)


def trees(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Trees of such texts."""
    return st.recursive(
        texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=20
    )


TREES = trees(BRACKETS) | trees(ANY_MARKS)


@given(tree=TREES, levels=st.integers(0, 6))
def test_brackets_in_texts_are_no_levels(tree: Any, levels: int) -> None:
    assert deeper_than(json.dumps(tree).encode(), levels) == (depth(tree) > levels)


@pytest.mark.parametrize("levels", [1, 31, 32, 33])
def test_the_limit_is_exact(levels: int) -> None:
    nested = b'[{"a":' * (levels // 2) + b"[" * (levels % 2) + b"]" * (levels % 2) + b"1}]" * (levels // 2)

    assert deeper_than(nested.replace(b"]1", b"]"), 32) == (levels > 32)


def test_openings_that_never_close_count_as_deep() -> None:
    assert deeper_than(b"[" * 1_000_000, 32)
    assert deeper_than(b"[" * 100 + b"]" * 50, 32)
