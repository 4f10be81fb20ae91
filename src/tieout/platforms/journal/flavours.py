"""The two programs whose ledgers tieout reads and writes, and in what they differ."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tieout.platforms.journal.beancount_reading import read_beancount
from tieout.platforms.journal.beancount_writing import beancount_declaration, beancount_entry, quoted
from tieout.platforms.journal.hledger_reading import decimal_marks_in, read_hledger
from tieout.platforms.journal.hledger_writing import hledger_declaration, hledger_entry
from tieout.platforms.journal.model import Declared, Entry, Included, Inherited, Ledger


class Flavour(NamedTuple):
    """How one program writes a ledger."""

    suffix: str  # of its files
    head: str  # first lines of a file of ours, that make its numbers mean the same wherever it is included
    read: Callable[[str, str, Inherited, Mapping[str, str]], tuple[Ledger, list[Included]]]
    decimal_marks: Callable[[str], Mapping[str, str]]  # that a file's directives declare for all files
    entry: Callable[[Entry], str]
    declaration: Callable[[Declared], str]
    include: Callable[[str], str]  # the line that includes a file
    includes_twice: bool  # whether a file that is included twice counts twice


def _read_beancount(
    text: str, file: str, inherited: Inherited, by_commodity: Mapping[str, str]
) -> tuple[Ledger, list[Included]]:
    assert not by_commodity, "numbers of Beancount have one decimal mark"
    assert inherited == Inherited(), "a file of Beancount means the same wherever it is included"
    return read_beancount(text, file)


FLAVOURS = {
    "hledger": Flavour(
        suffix=".journal",
        head="; Written by tieout; what you write here stays as it is.\ndecimal-mark .\n",
        read=read_hledger,
        decimal_marks=decimal_marks_in,
        entry=hledger_entry,
        declaration=hledger_declaration,
        include=lambda path: f"include {path}\n",
        includes_twice=True,
    ),
    "beancount": Flavour(
        suffix=".beancount",
        head="; Written by tieout; what you write here stays as it is.\n",
        read=_read_beancount,
        decimal_marks=lambda _: {},
        entry=beancount_entry,
        declaration=beancount_declaration,
        include=lambda path: f"include {quoted(path)}\n",
        includes_twice=False,
    ),
}
