"""The company whose lines are generated: its accounts, customers, suppliers, calendar, amounts and document numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tieout.kernel.currencies import exponent_of
from tieout.kernel.dates import day_number
from tieout.lab import _names, _texts
from tieout.lab._dice import Dice
from tieout.lab._draft import Draft, Group, Line, OwnAccount, Party
from tieout.lab._mixes import Mix

FIRST_DAY = day_number(date(2025, 1, 1))
_FIRST_WEEKDAY = date(2025, 1, 1).weekday()

# NOK twice, so that the entity moves money between its own accounts; two exponents.
_CURRENCIES = ("NOK", "NOK", "EUR", "JPY")
# How much of the money moves through each account, for 2, 3 and 4 accounts.
_HOMES = {2: (0, 0, 0, 1), 3: (0, 0, 0, 0, 1, 2, 2), 4: (0, 0, 0, 0, 0, 1, 2, 2, 2, 3)}
# Amounts are log-uniform by octaves: between these powers of two in minor units every octave is equally likely, and
# inside an octave every amount. NOK 82 to 335,000; EUR 10 to 42,000; JPY 1,000 to 4.2 million.
_OCTAVES = {"NOK": (13, 24), "EUR": (10, 21), "JPY": (10, 21)}
# Orders of a shop are smaller: the lowest seven octaves.
_ORDER_OCTAVES = 7
# One amount in six is in whole units: 1,234.00.
_WHOLE_PER_MILLE = 160


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many there are of everything, from the number of lines asked for."""

    days: int
    customers: int
    suppliers: int
    consumers: int

    @classmethod
    def of(cls, lines: int) -> "Sizes":
        """Three months up to a thousand lines, six up to ten thousand, then twelve; parties grow with the lines."""
        days = 91 if lines <= 1_000 else 182 if lines <= 10_000 else 365
        return cls(
            days=days,
            customers=max(12, min(70_000, lines // 14)),
            suppliers=max(8, min(30_000, lines // 40)),
            consumers=max(20, min(_names.PERSONS_MAX, lines // 20)),
        )


class World:
    """Makes lines and ties them to groups; every draw comes from one stream."""

    def __init__(self, dice: Dice, mix: Mix, lines: int) -> None:
        self.dice, self.mix = dice, mix
        self.sizes = Sizes.of(lines)
        self.draft = Draft(days=self.sizes.days)
        self._parties = 0
        self._serial = 10_000_000 + dice.below(1_000_000)
        self.accounts = tuple(
            OwnAccount(_names.account_number("NO", 900_000_000 + place), currency)
            for place, currency in enumerate(_CURRENCIES[: mix.accounts])
        )
        self.itself = Party(
            name="Lumenta Kompani AS",
            account="",
            home=self.accounts[0],
            marks=_names.marks_of(["Lumenta", "Kompani"]),
            account_in_books=False,
            account_on_statement=False,
            book_account="",
        )
        self._business_days = [FIRST_DAY + day for day in range(self.sizes.days) if (day + _FIRST_WEEKDAY) % 7 < 5]
        self.customers = [self._company("1500") for _ in range(self.sizes.customers)]
        self.suppliers = [self._company("2400") for _ in range(self.sizes.suppliers)]
        self.providers = [self._company("1570") for _ in range(6)]
        self.consumers = [self._consumer(number) for number in range(self.sizes.consumers)]
        self.home_customers = [party for party in self.customers if party.home.currency == "NOK"] or self.customers

    def beyond_limits(self) -> bool:
        """Whether this draw shall lie outside the default plan's windows and limits."""
        return self.dice.chance(self.mix.beyond_limits_per_mille)

    def customer_or_supplier(self) -> tuple[Party, int]:
        """A party and the sign of its open items: 1 for a customer, -1 for a supplier."""
        if self.dice.chance(self.mix.payable_per_mille):
            return self.dice.pick(self.suppliers), -1
        return self.dice.pick(self.customers), 1

    def amount(self, currency: str) -> int:
        """A positive amount of an invoice, in minor units."""
        lowest, highest = _OCTAVES[currency]
        return self._amount(currency, self.dice.between(lowest, highest))

    def order_amount(self, currency: str) -> int:
        """A positive amount of a shop order, in minor units."""
        lowest = _OCTAVES[currency][0]
        return self._amount(currency, self.dice.between(lowest, lowest + _ORDER_OCTAVES - 1))

    def bank_day(self) -> int:
        """A business day of the period."""
        return self.dice.pick(self._business_days)

    def on_or_after(self, day: int) -> int:
        """The first business day from this day on."""
        weekday = (day - FIRST_DAY + _FIRST_WEEKDAY) % 7
        return day + max(0, 7 - weekday) if weekday >= 5 else day

    def days_to_pay(self) -> int:
        """Days from the document to its payment, for a payment that names it: inside 45 days unless beyond limits."""
        if self.beyond_limits():
            return self.dice.between(46, 80)
        return self.dice.between(-2, 34) if self.dice.chance(950) else self.dice.between(35, 45)

    def days_apart(self) -> int:
        """Days from the due date to its payment, where only the amount tells: inside 10 days unless beyond limits."""
        return self.dice.between(11, 25) if self.beyond_limits() else self.dice.between(-2, 8)

    def number(self, series: str = "invoice") -> str:
        """A document number that no other document has, whatever the series: invoice, order, credit, voucher."""
        self._serial += 1 + self.dice.below(4)
        serial = self._serial
        if series == "invoice":
            return (f"INV-2025-{serial}", f"F{serial}", f"4{serial}")[serial % 3]
        return {"order": "SO-", "credit": "CN-", "voucher": "V-", "payout": "PO-"}[series] + str(serial)

    def open_item(
        self,
        party: Party | None,
        minor_units: int,
        day: int,
        reference: str = "",
        *,
        kind: str | None = None,
        currency: str = "",
        batch: str = "",
    ) -> Line:
        """A line that waits for money, in the currency of the party's account unless another is given."""
        currency = currency or (party.home.currency if party else self.accounts[0].currency)
        line = self._line("L", party, minor_units, day, reference, currency)
        line.kind = ("receivable" if minor_units > 0 else "payable") if kind is None else kind
        line.batch = batch
        if party is not None:
            line.account = party.book_account
            line.party_account = party.account if party.account_in_books else ""
        self.draft.ledger.append(line)
        return line

    def book_entry(
        self, party: Party | None, minor_units: int, day: int, account: OwnAccount, reference: str = "", *, kind: str
    ) -> Line:
        """A line that is already posted to the bank account."""
        line = self._line("L", party, minor_units, day, reference, account.currency)
        line.account, line.kind = account.number, kind
        self.draft.ledger.append(line)
        return line

    def bank_line(
        self,
        party: Party | None,
        minor_units: int,
        day: int,
        account: OwnAccount,
        reference: str = "",
        description: str | None = None,
    ) -> Line:
        """A movement that the bank reports, with a text that names nothing unless one is given."""
        line = self._line("S", party, minor_units, day, reference, account.currency)
        line.account = account.number
        line.description = _texts.plain(self.dice) if description is None else description
        line.value_day = day if self.dice.chance(900) else day + 1
        if party is not None and party.account_on_statement:
            line.party_account = party.account
        self.draft.statement.append(line)
        return line

    def payment(
        self, party: Party, minor_units: int, day: int, reference: str = "", description: str | None = None
    ) -> Line:
        """A movement of a party on its home account."""
        return self.bank_line(party, minor_units, day, party.home, reference, description)

    def naming(self, party: Party, minor_units: int, day: int, numbers: list[str]) -> Line:
        """A movement of a party on its home account whose text, and nothing else, names the documents."""
        line = self.payment(party, minor_units, day, description=_texts.naming(self.dice, numbers))
        line.documents = tuple(_texts.normalised(number) for number in numbers)
        return line

    def tie(self, class_name: str, statement: Iterable[Line], ledger: Iterable[Line]) -> None:
        """Say that these lines truly belong together; without ledger lines they cancel within the statement."""
        sides = tuple(statement), tuple(ledger)
        self.draft.groups.append(Group(class_name, "across" if sides[1] else "within", *sides))

    def _line(
        self, side: Literal["S", "L"], party: Party | None, minor_units: int, day: int, reference: str, currency: str
    ) -> Line:
        return Line(
            side=side,
            minor_units=minor_units,
            currency=currency,
            day=day,
            reference=reference,
            party=party,
            name=party.name if party else "",
            documents=(_texts.normalised(reference),) if reference else (),
            sort_key=self.dice.sort_key(),
        )

    def _amount(self, currency: str, octave: int) -> int:
        amount = (1 << octave) + self.dice.below(1 << octave)
        if self.dice.chance(self.mix.round_per_mille):
            step = int(10 ** (len(str(amount)) - 2))
            return amount // step * step
        if self.dice.chance(_WHOLE_PER_MILLE):
            return amount - amount % int(10 ** exponent_of(currency))
        return amount

    def _company(self, book_account: str) -> Party:
        name, marks, country = _names.company(self._parties)
        return self._party(name, marks, country, book_account if self.dice.chance(400) else "")

    def _consumer(self, number: int) -> Party:
        name, marks, country = _names.person(number)
        return self._party(name, marks, country, "")

    def _party(self, name: str, marks: frozenset[str], country: str, book_account: str) -> Party:
        self._parties += 1
        return Party(
            name=name,
            account=_names.account_number(country, self._parties),
            home=self.accounts[self.dice.pick(_HOMES[self.mix.accounts])],
            marks=marks,
            account_in_books=self.dice.chance(600),
            account_on_statement=self.dice.chance(700),
            book_account=book_account,
        )
