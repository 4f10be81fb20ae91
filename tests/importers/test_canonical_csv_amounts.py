"""Columns of decimal texts as minor units, held against the kernel's conversion of one text."""

import numpy as np
import polars
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.importers._canonical_amounts import amount_parts, minor_units_of_parts
from tieout.kernel.errors import TieoutError
from tieout.kernel.money import minor_units_of

BOUNDS = ["92233720368547758.07", "92233720368547758.08", "9223372036854775807", "9223372036854775808", "9" * 18]
texts = st.one_of(
    st.from_regex(r"-?[0-9]{1,18}(\.[0-9]{1,6})?", fullmatch=True),
    st.from_regex(r"[+-]{0,2}[0-9]{0,20}\.?[0-9]{0,8}", fullmatch=True),
    st.sampled_from([*BOUNDS, *(f"-{bound}" for bound in BOUNDS), "0." + "0" * 18, "1" * 200]),
    st.text(alphabet="0123456789.-+ e,_\n", max_size=12),
    st.text(max_size=4),
)


def kernel(text: str, exponent: int) -> int | None:
    try:
        return minor_units_of(text, exponent)
    except TieoutError:
        return None


@settings(max_examples=400)
@given(st.lists(st.tuples(texts, st.sampled_from([0, 2, 3, 4])), min_size=1, max_size=20))
def test_what_a_column_proves_exact_is_what_the_kernel_says(amounts: list[tuple[str, int]]) -> None:
    parts = polars.DataFrame({"amount": [text for text, _ in amounts]}).select(amount_parts(polars.col("amount")))
    exponents = np.array([exponent for _, exponent in amounts], dtype=np.int8)

    minor_units, is_exact = minor_units_of_parts(parts, exponents)

    expected = [kernel(text, exponent) for text, exponent in amounts]
    proved = [units if exact else None for units, exact in zip(minor_units.tolist(), is_exact.tolist(), strict=True)]
    assert minor_units.dtype == np.int64
    assert all(ours in (None, theirs) for ours, theirs in zip(proved, expected, strict=True))


@settings(max_examples=200)
@given(st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=20), st.sampled_from([0, 2, 3, 4]))
def test_a_plainly_written_amount_is_proved_and_not_left_to_the_kernel(amounts: list[int], exponent: int) -> None:
    whole = [amount // 10**exponent for amount in amounts]
    written = [f"{number}.{'7' * exponent}" if exponent else str(number) for number in whole]
    written = [text for text in written if kernel(text, exponent) is not None]
    parts = polars.DataFrame({"amount": written}, schema={"amount": polars.String})

    minor_units, is_exact = minor_units_of_parts(
        parts.select(amount_parts(polars.col("amount"))), np.full(len(written), exponent, dtype=np.int8)
    )

    assert is_exact.all()
    assert minor_units.tolist() == [kernel(text, exponent) for text in written]
