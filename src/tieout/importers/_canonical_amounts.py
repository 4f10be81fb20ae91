"""A column of decimal texts as exact minor units: whole-number arithmetic on 64 bits, no decimal type and no float.

The columns accept only what they prove; every other text is left to `kernel.money`, one by one.
"""

import numpy as np
import numpy.typing as npt
import polars

from tieout.domain.line_table import BoolColumn, Int64Column
from tieout.kernel.money import MINOR_UNITS_MAX

# Stands for digits that are no number or that 64 bits do not hold; no amount is this one, since it is one too small.
_NOT_HELD = -MINOR_UNITS_MAX - 1

_POWERS = 10 ** np.arange(7, dtype=np.int64)


def amount_parts(amount: polars.Expr) -> list[polars.Expr]:
    """What decides an amount: its digits without the point as a whole number, its length, where its point is, and
    whether it has a minus or a plus sign. A text without a point has it at its end.
    """
    length = amount.str.len_bytes().cast(polars.Int8, strict=False).fill_null(0)
    digits = amount.str.replace(".", "", literal=True).cast(polars.Int64, strict=False).fill_null(_NOT_HELD)
    return [
        digits.alias("digits"),
        length.alias("length"),
        amount.str.find(".", literal=True).cast(polars.Int8, strict=False).fill_null(length).alias("point"),
        amount.str.starts_with("-").alias("minus"),
        amount.str.starts_with("+").alias("plus"),
    ]


def minor_units_of_parts(parts: polars.DataFrame, exponents: npt.NDArray[np.int8]) -> tuple[Int64Column, BoolColumn]:
    """The minor units of each text, and on which rows they are proved exact.

    The digits are a number only where one sign at most and then nothing but digits is left without the first point. So
    the text is in the grammar of amounts where it has no plus sign, 1 to 18 digits before the point and, with a point,
    1 to 6 after it.
    """
    digits = parts["digits"].to_numpy(writable=True)
    point = parts["point"].to_numpy()
    decimals = parts["length"].to_numpy() - point - np.int8(1)  # -1 without a point
    whole = point - parts["minus"].to_numpy()
    is_exact = (digits != _NOT_HELD) & ~parts["plus"].to_numpy()
    is_exact &= (whole >= 1) & (whole <= 18) & (decimals != 0) & (decimals <= 6)
    return _shifted(digits, exponents - np.maximum(decimals, 0), is_exact)


def _shifted(digits: Int64Column, shifts: npt.NDArray[np.int8], is_exact: BoolColumn) -> tuple[Int64Column, BoolColumn]:
    """Each number times ten to the power of its shift; not exact where a digit is cut off or 64 bits do not hold it."""
    moved = is_exact & (shifts != 0)
    for shift in np.unique(shifts[moved]).tolist():
        rows = np.flatnonzero(moved & (shifts == shift))
        numbers = digits[rows]
        if shift > 0:
            limit = MINOR_UNITS_MAX // 10**shift
            is_exact[rows] = (numbers <= limit) & (numbers >= -limit)
            digits[rows] = numbers * _POWERS[shift]
        else:
            is_exact[rows] = numbers % _POWERS[-shift] == 0
            digits[rows] = numbers // _POWERS[-shift]
    return digits, is_exact
