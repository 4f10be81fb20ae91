"""Which lines add up to a target: every answer of at most `lines_max` lines, counted to a limit.

Depth-first over lines in falling size, cut off by how much the remaining lines can still add or take away. Amounts may
have either sign (credit notes). Interchangeable lines are tried in one order only, so that they count as one answer.
"""

from typing import Any

# What an answer is closed with where it has fewer than `lines_max` lines.
END = -1


def count_sums(
    offsets: Any,
    amounts: Any,
    twin_codes: Any,
    low: Any,
    high: Any,
    lines_max: int,
    answers_max: int,
    steps_max: int,
    order: Any,
    sorted_amounts: Any,
    twins: Any,
    most: Any,
    least: Any,
    chosen: Any,
    answers: Any,
    steps: Any,
    found: Any,
) -> None:
    """Count the subsets of each block whose sum lies between `low` and `high`, both included.

    offsets: block b holds amounts[offsets[b]:offsets[b + 1]]. twin_codes: lines of equal amount and code are
    interchangeable.
    lines_max: at most so many lines in one answer, at least one. answers_max: stop counting there. steps_max: stop
    working there; a block that stopped has steps[b] > steps_max.
    order, sorted_amounts, twins: room for the lines of the longest block. most, least: room for (longest block + 1) *
    (lines_max + 1) numbers. chosen: room for lines_max numbers.
    Fills answers[b] and steps[b], and for answer a < answers_max of block b the positions inside the block at
    found[(b * answers_max + a) * lines_max ...], closed by END. Numbers are int64 throughout.
    """
    for b in range(len(low)):
        start = offsets[b]
        length = offsets[b + 1] - start
        sort_block(start, length, amounts, twin_codes, order, sorted_amounts, twins)
        bound_block(length, lines_max, sorted_amounts, most, least)
        counted = search_block(
            length,
            low[b],
            high[b],
            lines_max,
            answers_max,
            steps_max,
            order,
            sorted_amounts,
            twins,
            most,
            least,
            chosen,
            found,
            b * answers_max * lines_max,
        )
        answers[b] = counted[0]
        steps[b] = counted[1]


def sort_block(
    start: int, length: int, amounts: Any, twin_codes: Any, order: Any, sorted_amounts: Any, twins: Any
) -> None:
    """Sort a block by falling size, then amount and code; twins[i] is 1 where a line is alike to the one before it."""
    for new in range(length):
        amount = amounts[start + new]
        size = amount if amount >= 0 else -amount
        code = twin_codes[start + new]
        at = new
        while at > 0:
            before = sorted_amounts[at - 1]
            size_before = before if before >= 0 else -before
            if size_before > size or (size_before == size and before > amount):
                break
            if before == amount and twin_codes[start + order[at - 1]] <= code:
                break
            sorted_amounts[at] = before
            order[at] = order[at - 1]
            at -= 1
        sorted_amounts[at] = amount
        order[at] = new
    for i in range(1, length):
        alike = (
            sorted_amounts[i] == sorted_amounts[i - 1]
            and twin_codes[start + order[i]] == twin_codes[start + order[i - 1]]
        )
        twins[i] = 1 if alike else 0


def bound_block(length: int, lines_max: int, sorted_amounts: Any, most: Any, least: Any) -> None:
    """At [i * (lines_max + 1) + k]: the largest and the smallest sum of up to k lines from position i on."""
    width = lines_max + 1
    for k in range(width):
        most[length * width + k] = 0
        least[length * width + k] = 0
    for back in range(length):
        i = length - 1 - back
        here = i * width
        there = here + width
        amount = sorted_amounts[i]
        most[here] = 0
        least[here] = 0
        for k in range(1, width):
            if amount > 0:
                most[here + k] = most[there + k - 1] + amount
                least[here + k] = least[there + k]
            else:
                most[here + k] = most[there + k]
                least[here + k] = least[there + k - 1] + amount


def search_block(
    length: int,
    low: int,
    high: int,
    lines_max: int,
    answers_max: int,
    steps_max: int,
    order: Any,
    sorted_amounts: Any,
    twins: Any,
    most: Any,
    least: Any,
    chosen: Any,
    found: Any,
    slot: int,
) -> tuple[int, int]:
    """Count the answers of one sorted block and write them from found[slot] on; returns the count and the steps."""
    width = lines_max + 1
    count = 0
    steps = 0
    depth = 0
    i = 0
    first = 0  # the position where the search of this depth began
    while True:
        left = lines_max - depth
        here = i * width + left
        within = i < length and low <= most[here] and high >= least[here]
        steps += 1
        if within and steps <= steps_max:
            if i > first and twins[i] == 1:
                i += 1  # its twin was tried at this place already
                continue
            chosen[depth] = i
            low -= sorted_amounts[i]
            high -= sorted_amounts[i]
            if low <= 0 <= high:
                for d in range(depth + 1):
                    found[slot + count * lines_max + d] = order[chosen[d]]
                if depth + 1 < lines_max:
                    found[slot + count * lines_max + depth + 1] = END
                count += 1
                if count >= answers_max:
                    return count, steps
            i += 1
            if left > 1:
                depth += 1
                first = i
            else:
                low += sorted_amounts[i - 1]
                high += sorted_amounts[i - 1]
        else:
            if depth == 0 or steps > steps_max:
                return count, steps
            depth -= 1
            i = chosen[depth]
            low += sorted_amounts[i]
            high += sorted_amounts[i]
            # The depth we return to began right after the line chosen above it.
            first = chosen[depth - 1] + 1 if depth > 0 else 0
            i += 1


# The parts that `count_sums` calls; the compiler has to know them first.
PARTS = (sort_block, bound_block, search_block)
