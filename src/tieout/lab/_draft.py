"""Lines and true groups while they are being made: the fields of the files, and what only the maker knows."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, eq=False)
class OwnAccount:
    """A bank account of the entity itself."""

    number: str
    currency: str


@dataclass(frozen=True, slots=True, eq=False)
class Party:
    """Somebody who pays or is paid, always through one of our accounts."""

    name: str
    account: str  # the party's own account number
    home: OwnAccount  # where its money moves
    marks: frozenset[str]  # beginnings and ends of the words of its name: names without a common mark resemble nothing
    account_in_books: bool  # whether our books know the account number
    account_on_statement: bool  # whether the bank reports it
    book_account: str  # what open items of this party stand on: empty or a receivables or payables account


@dataclass(slots=True, eq=False)
class Line:
    """One line of either side. Two lines are the same only when they are one object."""

    side: Literal["S", "L"]
    minor_units: int
    currency: str
    day: int  # days since 1970-01-01
    account: str = ""
    value_day: int | None = None
    reference: str = ""
    party: Party | None = None  # None where the line names nobody, though the maker may know
    name: str = ""  # as the line spells it
    party_account: str = ""
    batch: str = ""
    kind: str = ""
    description: str = ""
    settles: "tuple[Line, ...]" = ()
    base_amount: str = ""
    rate: str = ""
    documents: tuple[str, ...] = ()  # numbers that a reader of whole tokens finds on the line, normalised
    clear_name: bool = True  # False: misspelt, so that only a judgement of resemblance can tell
    says_return: bool = False  # the text calls the line a return, in whatever language
    settled: bool = False  # an open item that a book entry settles: out of matching
    sort_key: int = 0
    number: int = 0  # position in its file, from 1
    twins: "tuple[Line, ...]" = ()  # this line and all that are interchangeable with it; empty where it is unlike any
    matched: bool = False  # while labelling: an earlier pass decided it
    contested: bool = False  # while labelling: an earlier pass may take it for another answer

    @property
    def id(self) -> str:
        """`S12` or `L12`, once the line has its number."""
        return f"{self.side}{self.number}"

    def is_like(self, other: "Line") -> bool:
        """Whether nothing could tell the two lines apart."""
        return self is other or (bool(self.twins) and self.twins is other.twins)


@dataclass(slots=True, eq=False)
class Group:
    """Lines that truly belong together."""

    class_name: str
    kind: Literal["across", "within"]
    statement: tuple[Line, ...]
    ledger: tuple[Line, ...]
    decidable: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """Both sides."""
        return self.statement + self.ledger


@dataclass(slots=True)
class Draft:
    """Everything that was generated, in order of generation."""

    statement: list[Line] = field(default_factory=list)
    ledger: list[Line] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    days: int = 1  # length of the period
