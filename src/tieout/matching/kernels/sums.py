"""Which lines add up to a target: every answer of at most `lines_max` lines, counted to a limit.

Depth-first over lines in falling size, cut off by how much the remaining lines can still add or take away. Amounts may
have either sign (credit notes). Interchangeable lines are tried in one order only, so that they count as one answer.
"""

from typing import Any


def count_sums(
    offsets: Any,
    amounts: Any,
    twin_codes: Any,
    low: Any,
    high: Any,
    lines_max: int,
    answers_max: int,
    steps_max: int,
    sizes: Any,
    order: Any,
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
    sizes, order, twins: room for the lines of the longest block. most, least: room for (longest block + 1) *
    (lines_max + 1) numbers. chosen: room for lines_max + 1 numbers.
    Fills answers[b] and steps[b], and for answer a < answers_max of block b the positions inside the block at
    found[(b * answers_max + a) * lines_max ...], ended by -1. Numbers are int64 throughout.
    """
    width = lines_max + 1
    for b in range(len(low)):
        start = offsets[b]
        length = offsets[b + 1] - start
        # Sort the block by falling size, then amount and code, so that interchangeable lines are neighbours.
        for new in range(length):
            amount = amounts[start + new]
            size = amount if amount >= 0 else -amount
            code = twin_codes[start + new]
            at = new
            while at > 0:
                before = start + order[at - 1]
                if sizes[at - 1] > size:
                    break
                if sizes[at - 1] == size:
                    if amounts[before] > amount:
                        break
                    if amounts[before] == amount and twin_codes[before] <= code:
                        break
                sizes[at] = sizes[at - 1]
                order[at] = order[at - 1]
                at -= 1
            sizes[at] = size
            order[at] = new
        for i in range(1, length):
            this, before = start + order[i], start + order[i - 1]
            alike = amounts[this] == amounts[before] and twin_codes[this] == twin_codes[before]
            twins[i] = 1 if alike else 0
        # most[i, k] and least[i, k]: the extreme sums of up to k lines from position i on.
        for k in range(width):
            most[length * width + k] = 0
            least[length * width + k] = 0
        for back in range(length):
            i = length - 1 - back
            amount = amounts[start + order[i]]
            most[i * width] = 0
            least[i * width] = 0
            for k in range(1, width):
                if amount > 0:
                    most[i * width + k] = most[(i + 1) * width + k - 1] + amount
                    least[i * width + k] = least[(i + 1) * width + k]
                else:
                    most[i * width + k] = most[(i + 1) * width + k]
                    least[i * width + k] = least[(i + 1) * width + k - 1] + amount
        low_left = low[b]
        high_left = high[b]
        count = 0
        work = 0
        depth = 0
        i = 0
        first = 0  # the position where the search of this depth began
        while True:
            k = lines_max - depth
            deeper = False
            while i < length and work <= steps_max:
                work += 1
                bound = i * width + k
                if low_left > most[bound] or high_left < least[bound]:
                    break
                if i > first and twins[i] == 1:
                    i += 1
                    continue
                amount = amounts[start + order[i]]
                low_next = low_left - amount
                high_next = high_left - amount
                chosen[depth] = i
                if low_next <= 0 <= high_next:
                    if count < answers_max:
                        slot = (b * answers_max + count) * lines_max
                        for d in range(depth + 1):
                            found[slot + d] = order[chosen[d]]
                        if depth + 1 < lines_max:
                            found[slot + depth + 1] = -1
                    count += 1
                    if count >= answers_max:
                        break
                bound = (i + 1) * width + k - 1
                if k > 1 and low_next <= most[bound] and high_next >= least[bound]:
                    low_left = low_next
                    high_left = high_next
                    depth += 1
                    i += 1
                    first = i
                    deeper = True
                    break
                i += 1
            if deeper:
                continue
            if count >= answers_max or work > steps_max or depth == 0:
                break
            depth -= 1
            i = chosen[depth]
            low_left += amounts[start + order[i]]
            high_left += amounts[start + order[i]]
            # The depth we return to began right after the line chosen above it.
            first = chosen[depth - 1] + 1 if depth > 0 else 0
            i += 1
        answers[b] = count
        steps[b] = work
