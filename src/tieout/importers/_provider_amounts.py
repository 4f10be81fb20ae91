"""Amounts of provider reports as plain decimal text: the mark that begins the decimals is proved, never guessed.

Providers write a point and no thousands separator. A spreadsheet in between may have written its own country's marks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tieout.kernel.errors import TieoutError
from tieout.kernel.money import NotAnAmount

_PLAIN = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,6})?", re.ASCII)
# A mark before another number of digits than three cannot group thousands, nor can one after a leading zero.
_SHOWS = re.compile(
    r"[+-]?(?:(?:[0-9]*|[0-9]{1,3}(?:[.,][0-9]{3})+)([.,])(?:[0-9]{1,2}|[0-9]{4,6})|0([.,])[0-9]{3})", re.ASCII
)
_SPELLING = re.compile(r"([+-]?)([0-9.,]*[0-9][0-9.,]*)", re.ASCII)
_GROUPED = {".": re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*", re.ASCII)}
_GROUPED[","] = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]*", re.ASCII)


class UnclearMark(TieoutError):
    """A mark that may begin the decimals or group thousands."""

    code = "ambiguous_amount"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"{text!r} may be thousands or decimals, and nothing in the report shows which")


@dataclass(frozen=True, slots=True)
class DecimalMark:
    """What begins the decimals in one report: a point or a comma; empty where nothing shows it."""

    mark: str

    def plain(self, text: str) -> str:
        """The amount like -1234.50. Raises NotAnAmount, UnclearMark."""
        if self.mark == "." and _PLAIN.fullmatch(text):
            return text
        spelled = _SPELLING.fullmatch(text.replace("\u2212", "-"))
        if spelled is None:
            raise NotAnAmount(text)
        sign, figure = spelled[1].replace("+", ""), spelled[2]
        if figure.isdigit():
            return sign + figure
        if not self.mark:
            raise UnclearMark(text)
        whole, _, decimals = figure.partition(self.mark)
        if _GROUPED[self.mark].fullmatch(whole) is None or not (decimals.isdigit() or not decimals):
            raise NotAnAmount(text)
        digits = re.sub("[.,]", "", whole) or "0"
        return f"{sign}{digits}.{decimals}" if decimals else sign + digits


def decimal_mark(texts: Iterable[str]) -> DecimalMark:
    """The mark that begins the decimals in the first amount that can be read in one way only.

    A later amount that shows the other mark is not read.
    """
    for text in texts:
        shown = _SHOWS.fullmatch(text)
        if shown is not None:
            return DecimalMark(shown[1] or shown[2])
    return DecimalMark("")
