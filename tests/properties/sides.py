"""Both sides of small companies, drawn so that the hard cases meet: equal amounts, twins, parts, batches, returns.

A company is a list of scenes. Amounts, days, parties and references come from short lists, so that lines of different
scenes are mistaken for each other as often as in real books.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from tests.given_lines import BANK, SAVINGS, Line
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.money import decimal_text

PROVIDER = "ADYEN-KaffeShop"
PARTIES = ("", "Nordic Timber AS", "Fjord Fisk", "Rhein Maschinen GmbH")
# Minor units: round ones that add up to each other, and odd ones.
AMOUNTS = (5_000, 10_000, 15_000, 20_000, 12_345, 7_777, 98_765, 1)
CURRENCIES = ("NOK", "NOK", "NOK", "JPY", "KWD")


class Sides(NamedTuple):
    """Statement lines and ledger lines with ids of their own, in no particular order."""

    statement: list[Line]
    ledger: list[Line]


def money(minor_units: int, currency: str) -> str:
    """Decimal text of an amount."""
    return decimal_text(minor_units, EXPONENTS[currency])


class Scene:
    """Writes the lines of one scene; what several lines share is drawn once."""

    def __init__(self, draw: st.DrawFn, number: int) -> None:
        self.draw, self.number = draw, number
        self.currency = draw(st.sampled_from(CURRENCIES))
        self.account = draw(st.sampled_from((BANK, BANK, SAVINGS)))
        self.day = draw(st.integers(1, 12))
        self.party = draw(st.sampled_from(PARTIES))
        self.sign = draw(st.sampled_from((1, 1, -1)))
        self.statement: list[Line] = []
        self.ledger: list[Line] = []

    def amount(self) -> int:
        """An amount of the scene, with its sign."""
        return self.sign * self.draw(st.sampled_from(AMOUNTS))

    def reference(self) -> str:
        """A document number that other scenes seldom have."""
        return f"INV-2026-{self.draw(st.sampled_from((self.number, 1))):04d}"

    def paid(self, minor_units: int, **fields: object) -> None:
        """Add a statement line."""
        self.statement.append(self._line(minor_units, fields))

    def booked(self, minor_units: int, **fields: object) -> None:
        """Add a ledger line."""
        self.ledger.append(self._line(minor_units, fields))

    def _line(self, minor_units: int, fields: dict[str, object]) -> Line:
        line = Line(
            id="",
            amount=money(minor_units, self.currency),
            day=self.day + self.draw(st.integers(0, 3)),
            currency=self.currency,
            account=self.account,
            counterparty=self.party,
        )
        return line._replace(**fields)  # type: ignore[arg-type]


def _pair(scene: Scene) -> None:
    """One payment of one document, with or without its number."""
    amount, reference = scene.amount(), scene.draw(st.sampled_from(("", scene.reference())))
    scene.paid(amount, reference=reference)
    scene.booked(amount, reference=reference)


def _named(scene: Scene) -> None:
    """The text names the document; paid whole, short by a fee, or in part."""
    amount, reference = scene.amount(), scene.reference()
    short = scene.draw(st.sampled_from((0, 0, scene.sign * 2, amount // 2)))
    scene.paid(amount - short, description=f"payment of {reference}")
    scene.booked(amount, reference=reference)


def _twins(scene: Scene) -> None:
    """Equal lines on both sides, not always equally many."""
    amount = scene.amount()
    for _ in range(scene.draw(st.integers(1, 3))):
        scene.paid(amount, day=scene.day)
    for _ in range(scene.draw(st.integers(1, 3))):
        scene.booked(amount, day=scene.day)


def _sum(scene: Scene) -> None:
    """One payment for several documents, sometimes with a credit note, sometimes short by a fee."""
    parts = [scene.amount() for _ in range(scene.draw(st.integers(2, 4)))]
    if scene.draw(st.booleans()):
        parts.append(-scene.sign * scene.draw(st.sampled_from(AMOUNTS)))
    for part in parts:
        scene.booked(part)
    scene.paid(sum(parts) - scene.draw(st.sampled_from((0, 0, 150))) or 1)


def _several_payments(scene: Scene) -> None:
    """Several payments of one document."""
    parts = [scene.amount() for _ in range(scene.draw(st.integers(2, 3)))]
    reference = scene.draw(st.sampled_from(("", scene.reference())))
    for part in parts:
        scene.paid(part, description=reference)
    scene.booked(sum(parts), reference=reference)


def _batch(scene: Scene) -> None:
    """A payout of lines that share a batch, less a fee or not."""
    parts = [scene.amount() for _ in range(scene.draw(st.integers(2, 4)))]
    batch = f"PO-{scene.number:05d}"
    for part in parts:
        scene.booked(part, batch=batch, kind="order")
    named = scene.draw(st.sampled_from(({"batch": batch}, {"description": f"payout {batch}"}, {})))
    scene.paid(sum(parts) - scene.draw(st.sampled_from((0, 100))), **named)


def _sold_by_provider(scene: Scene) -> None:
    """What a provider reports of an order: sale and fee, a dispute lost or won, each in any order of the days."""
    size, reference = scene.draw(st.sampled_from(AMOUNTS)), scene.reference()
    scene.booked(size, kind="order", reference=reference, account="")
    scene.paid(size, account=PROVIDER, kind="sale", reference=reference, counterparty="")
    scene.paid(-scene.draw(st.sampled_from((1, 150))), account=PROVIDER, kind="fee", reference=reference)
    if scene.draw(st.booleans()):
        scene.paid(-size, account=PROVIDER, kind="chargeback", reference=reference)
    if scene.draw(st.booleans()):
        scene.paid(size, account=PROVIDER, kind="chargeback_reversed", reference=reference)


def _paid_out(scene: Scene) -> None:
    """A provider's payout and the bank's line, which may name it, and what the provider holds and carries on."""
    size, batch = scene.draw(st.sampled_from(AMOUNTS)), f"PB-{scene.draw(st.sampled_from((scene.number, 1))):05d}"
    scene.paid(-size, account=PROVIDER, kind="payout", batch=batch, counterparty="")
    scene.paid(size, account=BANK, description=scene.draw(st.sampled_from(("", batch, "ADYEN payout"))))
    for held, ended in scene.draw(
        st.lists(st.sampled_from((("reserve_hold", "reserve_release"), ("carry_over", "carry_over"))), max_size=2)
    ):
        scene.paid(-size, account=PROVIDER, kind=held, counterparty="")
        scene.paid(size, account=PROVIDER, kind=ended, counterparty="")


def _exchange(scene: Scene) -> None:
    """A document in euro paid in kroner, with a carrying value or without."""
    scene.currency, euro = "NOK", scene.sign * scene.draw(st.sampled_from((10_000, 12_345, 33_333)))
    reference, carrying = scene.reference(), euro * 115 // 10
    base = scene.draw(st.sampled_from((money(carrying, "NOK"), "")))
    drift = scene.draw(st.integers(-2_000, 2_000))
    rate = scene.draw(st.sampled_from(("", "11.5234")))
    scene.paid(carrying + drift, description=f"invoice {reference}", rate=rate)
    scene.booked(0, reference=reference, currency="EUR", amount=money(euro, "EUR"), base_amount=base)


def _transfer(scene: Scene) -> None:
    """Money between two own accounts."""
    size = scene.draw(st.sampled_from(AMOUNTS))
    names = scene.draw(st.booleans())
    scene.paid(-size, account=BANK, counterparty="", counterparty_account=SAVINGS if names else "")
    scene.paid(size, account=SAVINGS, counterparty="")


def _returned(scene: Scene) -> None:
    """A payment and its return, sometimes of money that ties to a document, sometimes with a charge."""
    amount, charge = scene.amount(), scene.draw(st.sampled_from((0, 500)))
    scene.paid(amount, day=scene.day)
    scene.paid(-amount - charge, day=scene.day + 2, reversal=scene.draw(st.booleans()), description="returned")
    if scene.draw(st.booleans()):
        scene.booked(amount)


def _entry(scene: Scene) -> None:
    """A book entry for a bank line, which may settle an open item that another payment resembles."""
    amount = scene.amount()
    open_item = f"I{scene.number}"
    scene.booked(amount, kind="customer_payment", settles=open_item)
    scene.booked(amount, id=open_item, kind="receivable", account="1500")
    scene.paid(amount - scene.draw(st.sampled_from((0, 0, 25))))


def _corrected_entry(scene: Scene) -> None:
    """A book entry that another one takes back."""
    amount = scene.amount()
    scene.booked(amount, kind="journal_entry_line", reference=f"V{scene.number:04d}", day=scene.day)
    scene.booked(-amount, kind="journal_entry_line", reference=f"V{scene.number:04d}", day=scene.day + 1)


def _alone(scene: Scene) -> None:
    """Lines that nothing belongs to, of 0.00 among them."""
    scene.paid(scene.draw(st.sampled_from((0, *AMOUNTS))))
    scene.booked(scene.draw(st.sampled_from((0, *AMOUNTS))))


SCENES: tuple[Callable[[Scene], None], ...] = (
    _pair,
    _named,
    _twins,
    _sum,
    _several_payments,
    _batch,
    _sold_by_provider,
    _paid_out,
    _exchange,
    _transfer,
    _returned,
    _entry,
    _corrected_entry,
    _alone,
)


@st.composite
def sides(draw: st.DrawFn, scenes: Sequence[Callable[[Scene], None]] = SCENES, scenes_max: int = 6) -> Sides:
    """A company of up to `scenes_max` scenes; ids are S1, S2, ... and L1, L2, ... in the order of the scenes."""
    statement: list[Line] = []
    ledger: list[Line] = []
    for number, write in enumerate(draw(st.lists(st.sampled_from(scenes), max_size=scenes_max)), 2):
        scene = Scene(draw, number)
        write(scene)
        statement += scene.statement
        ledger += scene.ledger
    return Sides(
        [line._replace(id=f"S{number}") for number, line in enumerate(statement, 1)],
        [line if line.id else line._replace(id=f"L{number}") for number, line in enumerate(ledger, 1)],
    )
