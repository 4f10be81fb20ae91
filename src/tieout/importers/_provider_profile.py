"""What one provider's report looks like, as facts: a profile is all that a further provider needs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache


class Role(Enum):
    """What a row of a report is."""

    ENTRY = auto()  # a movement of the clearing account
    PAYOUT = auto()  # money sent to the bank
    CARRY = auto()  # a balance that comes from another batch, or is left for one
    OPENING = auto()  # the balance before the first row
    CLOSING = auto()  # the balance after the last row
    NOTE = auto()  # a subtotal, or a balance in between: no movement


@dataclass(frozen=True, slots=True)
class Part:
    """A column with what the provider kept from a row, or gave with it."""

    column: str
    kind: str  # of the entry that it becomes: domain.kinds.STATEMENT_KINDS
    effect: int = 1  # on the payout: 1 where the column has the sign of its effect, -1 where a cost is positive
    optional: bool = False  # whether rows add up without it: the column may only inform


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a type of row means; a provider may use one word in both directions."""

    credit: str  # the kind where money comes in
    debit: str  # the kind where money goes out
    role: Role = Role.ENTRY


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns, as the provider writes them; of several the first that says something counts.

    credit and debit hold positive amounts of the currency that is paid out; so do gross_credit and gross_debit of the
    currency that was sold in. gross holds one signed amount instead of those two.
    """

    day: tuple[str, ...]
    credit: str
    debit: str
    entry_type: str
    currency: tuple[str, ...] = ()
    record_type: str = ""  # says the role of a row, beside its type
    gross: str = ""
    gross_credit: str = ""
    gross_debit: str = ""
    gross_currency: str = ""
    rate: str = ""  # currency that is paid out per unit of the gross currency
    order: tuple[str, ...] = ()
    native_id: tuple[str, ...] = ()
    batch: str = ""
    account: str = ""
    balance: str = ""  # after the row
    plots_quantity: str = ""
    description: tuple[str, ...] = ()  # texts that go into the description beside the type
    facts: tuple[str, ...] = ()  # what else is kept, by the provider's own name


@dataclass(frozen=True, slots=True)
class Profile:
    """One report of one provider.

    Source: the provider's own pages; each profile names them.
    """

    format: str  # as `tieout check --json` names it
    channel: str  # the provider, as it is called
    required: tuple[str, ...]  # columns without which it is another report
    columns: Columns
    parts: tuple[Part, ...]
    meanings: Mapping[str, Meaning]  # by type, normalised
    in_batches: bool  # whether the report is of payouts, not between two balances
    beginnings: Mapping[str, Meaning] = field(default_factory=dict)  # by how a type begins, where it has no meaning
    records: Mapping[str, Meaning] = field(default_factory=dict)  # by record type; says the kind before the type does
    currencies: Mapping[str, str] = field(default_factory=dict)  # reading option: the currency of a file without one


@lru_cache(maxsize=4096)
def normalised(name: str) -> str:
    """A column or type as it is looked up: `Net Debit (NC)`, `NET_DEBIT_(NC)` and `net debit (nc)` are one."""
    return " ".join(re.sub(r"[_\s]+", " ", name).split()).casefold()
