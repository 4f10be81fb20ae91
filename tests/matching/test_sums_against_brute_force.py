"""The kernel that counts sums finds what trying every subset finds, plain and compiled alike."""

from collections import Counter
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.matching.kernels.compiled import Sums, sums_between


class Block(NamedTuple):
    """Lines to sum, each with the code that its interchangeable lines share, and the bounds of the sum."""

    amounts: list[int]
    codes: list[int]
    low: int
    high: int


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Signed amounts that often repeat and often add up to the target, with or without a tolerance."""
    amounts = draw(st.lists(st.sampled_from((5, 5, 10, 15, -5, -10, 7, 23, 100, -3)), max_size=7))
    codes = [draw(st.integers(0, 2)) for _ in amounts]
    chosen = [amount for amount in amounts if draw(st.booleans())]
    low = sum(chosen) + draw(st.sampled_from((0, 0, 0, 1)))
    return Block(amounts, codes, low, low + draw(st.sampled_from((0, 0, 3, 20))))


def answers_of(block: Block, lines_max: int) -> set[tuple[tuple[tuple[int, int], int], ...]]:
    """Every answer as counts of (amount, code), so that interchangeable lines make one answer."""
    lines = list(zip(block.amounts, block.codes, strict=True))
    subsets = (subset for size in range(1, lines_max + 1) for subset in combinations(lines, size))
    return {
        tuple(sorted(Counter(subset).items()))
        for subset in subsets
        if block.low <= sum(amount for amount, _ in subset) <= block.high
    }


def searched(blocks_: list[Block], lines_max: int, answers_max: int, *, plain: bool, steps_max: int = 10**6) -> Sums:
    """The kernel over several blocks at once."""
    offsets = np.cumsum([0, *(len(block.amounts) for block in blocks_)], dtype=np.int64)
    return sums_between(
        offsets,
        np.array([amount for block in blocks_ for amount in block.amounts], dtype=np.int64),
        np.array([code for block in blocks_ for code in block.codes], dtype=np.int64),
        np.array([block.low for block in blocks_], dtype=np.int64),
        np.array([block.high for block in blocks_], dtype=np.int64),
        lines_max=lines_max,
        answers_max=answers_max,
        steps_max=steps_max,
        plain=plain,
    )


def offsets_of(blocks_: list[Block]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Where each block begins."""
    return np.cumsum([0, *(len(block.amounts) for block in blocks_)], dtype=np.int64)


@settings(max_examples=300)
@given(st.lists(blocks(), min_size=1, max_size=4), st.integers(1, 5), st.integers(1, 4))
def test_every_answer_is_counted_once_up_to_the_limit(some: list[Block], lines_max: int, answers_max: int) -> None:
    sums = searched(some, lines_max, answers_max, plain=True)

    expected = [min(len(answers_of(block, lines_max)), answers_max) for block in some]
    assert sums.answers.tolist() == expected


@settings(max_examples=300)
@given(st.lists(blocks(), min_size=1, max_size=4), st.integers(1, 5))
def test_the_lines_of_each_answer_add_up_and_no_answer_comes_twice(some: list[Block], lines_max: int) -> None:
    sums = searched(some, lines_max, 3, plain=True)
    offsets = offsets_of(some)

    for number, block in enumerate(some):
        lines = list(zip(block.amounts, block.codes, strict=True))
        found = [
            tuple(
                sorted(
                    Counter(
                        lines[place - int(offsets[number])] for place in sums.lines(offsets, number, answer)
                    ).items()
                )
            )
            for answer in range(int(sums.answers[number]))
        ]
        assert set(found) <= answers_of(block, lines_max)
        assert len(set(found)) == len(found)


@given(blocks(), st.integers(1, 5), st.integers(0, 30))
def test_a_search_that_stops_at_its_limit_says_so_and_never_counts_too_many(
    block: Block, lines_max: int, steps_max: int
) -> None:
    sums = searched([block], lines_max, 9, plain=True, steps_max=steps_max)
    true_count = min(len(answers_of(block, lines_max)), 9)

    assert sums.answers[0] <= true_count
    if sums.steps[0] <= steps_max:
        assert sums.answers[0] == true_count


@pytest.mark.slow
@settings(max_examples=200)
@given(st.lists(blocks(), min_size=1, max_size=4), st.integers(1, 5), st.integers(1, 4), st.integers(0, 60))
def test_the_compiled_kernel_answers_as_the_plain_one_step_by_step(
    some: list[Block], lines_max: int, answers_max: int, steps_max: int
) -> None:
    plain = searched(some, lines_max, answers_max, plain=True, steps_max=steps_max)
    fast = searched(some, lines_max, answers_max, plain=False, steps_max=steps_max)
    offsets = offsets_of(some)

    assert fast.answers.tolist() == plain.answers.tolist()
    assert fast.steps.tolist() == plain.steps.tolist()
    for number in range(len(some)):
        for answer in range(int(plain.answers[number])):
            assert fast.lines(offsets, number, answer) == plain.lines(offsets, number, answer)


@pytest.mark.slow
@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize(
    "block",
    [
        Block([2**62, 2**62, 5, -3], [0, 0, 1, 2], 2, 2),
        Block([2**62, 2**62, 2**62, 2**62, 7], [0, 1, 2, 3, 4], 7, 7),
        Block([2**63 - 1, 2**63 - 1, -2], [0, 1, 2], -2, -2),
    ],
)
def test_sums_beyond_64_bits_are_counted_alike_plain_and_compiled(block: Block, plain: bool) -> None:
    sums = searched([block], 5, 3, plain=plain)

    assert sums.answers.tolist() == [len(answers_of(block, 5))]


def test_twins_count_as_one_answer_and_lines_that_differ_count_as_two() -> None:
    alike = Block([60, 40, 40], [0, 1, 1], 100, 100)
    different = Block([60, 40, 40], [0, 1, 2], 100, 100)

    sums = searched([alike, different], 3, 2, plain=True)

    assert sums.answers.tolist() == [1, 2]


def test_a_credit_note_takes_part_in_a_sum() -> None:
    block = Block([100, 50, -30], [0, 1, 2], 120, 120)

    sums = searched([block], 3, 2, plain=True)

    assert sums.lines(offsets_of([block]), 0, 0) == [0, 1, 2]
