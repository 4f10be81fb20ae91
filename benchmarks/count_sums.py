"""100,000 blocks of 8 to 24 signed lines, up to 5 of them summed, answers counted to 2.

The promise: at most 0.2 seconds after warm-up. The baseline is the same kernel as plain Python on the first blocks.
"""

import json
import statistics
import time

import numpy as np

from tieout.domain.line_table import Int64Column
from tieout.matching.kernels.compiled import Sums, sums_between

SECONDS_MAX = 0.2
_BLOCKS = 100_000
_PLAIN_BLOCKS = 2_000
_ROUNDS = 7


def measure() -> dict[str, object]:
    """Median seconds of the compiled kernel, of plain Python for as many blocks, and the share of only answers."""
    offsets, amounts, targets = signed_blocks(_BLOCKS)
    counted = _counted(offsets, amounts, targets, plain=False)
    seconds = statistics.median(_seconds(offsets, amounts, targets, plain=False) for _ in range(_ROUNDS))
    end = int(offsets[_PLAIN_BLOCKS])
    plain = _seconds(offsets[: _PLAIN_BLOCKS + 1], amounts[:end], targets[:_PLAIN_BLOCKS], plain=True)
    plain_scaled = plain * _BLOCKS / _PLAIN_BLOCKS
    return {
        "blocks": _BLOCKS,
        "seconds": round(seconds, 3),
        "seconds_max": SECONDS_MAX,
        "plain_python_seconds": round(plain_scaled, 1),
        "ratio_to_plain_python": round(seconds / plain_scaled, 4),
        "only_answer_share": round(float((counted.answers == 1).mean()), 4),
    }


def signed_blocks(blocks: int, seed: int = 1) -> tuple[Int64Column, Int64Column, Int64Column]:
    """Offsets, amounts and one target per block: 10.00 to 50,000.00, three in ten negative, 2 to 5 lines planted."""
    chance = np.random.default_rng(seed)
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(chance.integers(8, 25, blocks))])
    amounts = np.exp(chance.uniform(np.log(1_000), np.log(5_000_000), int(offsets[-1]))).astype(np.int64)
    amounts[chance.random(len(amounts)) < 0.3] *= -1
    counts = chance.integers(2, 6, blocks)
    targets = np.array(
        [
            chance.choice(amounts[offsets[block] : offsets[block + 1]], counts[block], replace=False).sum()
            for block in range(blocks)
        ],
        dtype=np.int64,
    )
    return offsets, amounts, targets


def _counted(offsets: Int64Column, amounts: Int64Column, targets: Int64Column, plain: bool) -> Sums:
    return sums_between(
        offsets,
        amounts,
        np.arange(len(amounts)),
        targets,
        targets,
        lines_max=5,
        answers_max=2,
        steps_max=2_000_000,
        plain=plain,
    )


def _seconds(offsets: Int64Column, amounts: Int64Column, targets: Int64Column, plain: bool) -> float:
    started = time.perf_counter()
    _counted(offsets, amounts, targets, plain)
    return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
