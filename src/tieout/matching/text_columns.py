"""The rules of `texts` on whole columns, for inputs where asking a million texts one by one would take seconds.

Every function here gives what the rule of the same name in `texts` gives, text by text; tests hold the two together.
"""

from typing import TYPE_CHECKING

from tieout.matching.texts import NO_REFERENCE, REFERENCE_LENGTH_MIN

if TYPE_CHECKING:
    import polars

_NOT_PLAIN = "[^0-9A-Za-z]+"
_ALL_DIGITS = "^[0-9]+$"


def reference_keys(texts: "polars.Series") -> "polars.Series":
    """`texts.reference_key` of each text."""
    import polars

    plain = _plain(texts)
    stripped = plain.str.strip_chars_start("0")
    key = polars.col("plain")
    number = key.str.contains(_ALL_DIGITS)
    frame = polars.DataFrame({"plain": plain, "stripped": stripped})
    frame = frame.select(key=polars.when(number).then(polars.col("stripped")).otherwise(key))
    empty = (polars.col("key").str.len_bytes() < REFERENCE_LENGTH_MIN) | polars.col("key").is_in(sorted(NO_REFERENCE))
    return frame.select(key=polars.when(empty).then(polars.lit("")).otherwise(polars.col("key")))["key"]


def account_keys(texts: "polars.Series") -> "polars.Series":
    """`texts.account_key` of each text."""
    return _plain(texts).str.strip_chars_start("0")


def runs_in(texts: "polars.Series") -> "polars.Series":
    """The runs of ASCII letters and digits of each text, in upper case, as lists."""
    return upper(texts).str.extract_all("[0-9A-Z]+")


def upper(texts: "polars.Series") -> "polars.Series":
    """Each text in upper case, as Python writes it: its table of letters need not be the column library's."""
    import polars

    shouted = texts.str.to_uppercase()
    other = _other_letters(texts)
    if not other.any():
        return shouted
    places = other.arg_true()
    told = polars.Series([text.upper() for text in texts.gather(places).to_list()], dtype=polars.String)
    return shouted.scatter(places, told)


def _plain(texts: "polars.Series") -> "polars.Series":
    # What is left is ASCII, where every library agrees on upper case.
    return texts.str.replace_all(_NOT_PLAIN, "").str.to_uppercase()


def _other_letters(texts: "polars.Series") -> "polars.Series":
    return texts.str.len_bytes() != texts.str.len_chars()
