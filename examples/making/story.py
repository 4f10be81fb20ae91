"""What happened to the company: bank lines, book entries and open items, as the story tells them one after another.

Amounts are whole minor units with their sign: `6_412_00` is 6,412.00 received, `-245_00` is 245.00 paid.
"""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody the company deals with; the account is empty where no bank says it."""

    name: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account of the company with its balance when March begins; the books say the same then."""

    number: str
    currency: str
    opening: int  # minor units


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment inside a batch that the bank books as one entry."""

    amount: int
    party: Party
    reference: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the bank converted before it booked."""

    amount: int  # minor units of `currency`, without sign as banks write it
    currency: str
    rate: str


@dataclass(frozen=True, slots=True)
class BankLine:
    """One movement as the bank will report it."""

    account: Account
    day: str  # YYYY-MM-DD
    amount: int
    bank_text: str  # what the bank calls the movement
    text: str  # what the payer wrote
    party: Party
    reference: str
    batch: str = ""
    check_number: str = ""
    payments: tuple[Payment, ...] = ()
    exchange: Exchange | None = None
    return_reason: str = ""
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class BookEntry:
    """One movement of a bank account in the books."""

    id: str
    account: Account
    day: str
    amount: int
    kind: str
    party: Party
    reference: str
    batch: str
    settles: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A document or an order that waits for money."""

    id: str
    kind: str
    currency: str
    amount: int
    day: str
    due_day: str
    party: Party
    reference: str
    batch: str
    carrying: int | None  # minor units of NOK, for documents in euro
    rate: str
    text: str


NOBODY = Party()


@dataclass(slots=True)
class Story:
    """Everything told so far, in the order told."""

    bank_lines: list[BankLine] = field(default_factory=list)
    book_entries: list[BookEntry] = field(default_factory=list)
    open_items: list[OpenItem] = field(default_factory=list)
    _vouchers: Counter[str] = field(default_factory=Counter)

    def bank(
        self,
        account: Account,
        day: str,
        amount: int,
        bank_text: str,
        *,
        text: str = "",
        party: Party = NOBODY,
        reference: str = "",
        batch: str = "",
        check_number: str = "",
        payments: tuple[Payment, ...] = (),
        exchange: Exchange | None = None,
        return_reason: str = "",
        is_pending: bool = False,
    ) -> BankLine:
        """A bank line; nobody has booked it yet."""
        line = BankLine(
            account=account,
            day=day,
            amount=amount,
            bank_text=bank_text,
            text=text,
            party=party,
            reference=reference,
            batch=batch,
            check_number=check_number,
            payments=payments,
            exchange=exchange,
            return_reason=return_reason,
            is_pending=is_pending,
        )
        self.bank_lines.append(line)
        return line

    def booked(
        self, line: BankLine, kind: str, text: str, *, reference: str = "", day: str = "", settles: str = ""
    ) -> None:
        """The book entry of a bank line, of its amount, party and day unless another day is given.

        reference: what the books have where the bank has it inside its text only.
        """
        self.entry(
            line.account,
            day or line.day,
            line.amount,
            kind,
            text,
            party=line.party,
            reference=reference or line.reference,
            settles=settles,
        )

    def entry(
        self,
        account: Account,
        day: str,
        amount: int,
        kind: str,
        text: str,
        *,
        party: Party = NOBODY,
        reference: str = "",
        batch: str = "",
        settles: str = "",
    ) -> None:
        """A book entry; its voucher number counts inside the month: V03-01."""
        month = day[5:7]
        self._vouchers[month] += 1
        voucher = f"V{month}-{self._vouchers[month]:02}"
        entry = BookEntry(voucher, account, day, amount, kind, party, reference, batch, settles, text)
        self.book_entries.append(entry)

    def document(
        self,
        number: str,
        kind: str,
        amount: int,
        day: str,
        due_day: str,
        party: Party,
        text: str,
        *,
        voucher: str = "",
        currency: str = "NOK",
        batch: str = "",
        carrying: int | None = None,
        rate: str = "",
    ) -> None:
        """An open item. Its id is its number, or our own voucher where a supplier gave the number."""
        id_ = voucher or number
        document = OpenItem(id_, kind, currency, amount, day, due_day, party, number, batch, carrying, rate, text)
        self.open_items.append(document)
