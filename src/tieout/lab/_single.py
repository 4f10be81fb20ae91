"""Groups of one payment and one whole document: named by reference, by text, by party, or by nothing but the amount."""

from tieout.lab._draft import Line
from tieout.lab._world import World


def one_to_one(world: World) -> None:
    """The reference stands in the reference fields of both sides."""
    party, sign = world.customer_or_supplier()
    number, day = world.number(), world.bank_day()
    units = sign * world.amount(party.home.currency)
    invoice = world.open_item(party, units, day - world.days_to_pay(), number)
    payment = world.payment(party, units, day, number)
    if world.dice.chance(120):
        _nameless(payment)
    world.tie("one_to_one", [payment], [invoice])


def reference_in_text(world: World) -> None:
    """The document number stands only in the bank's text."""
    party, sign = world.customer_or_supplier()
    number, day = world.number(), world.bank_day()
    units = sign * world.amount(party.home.currency)
    invoice = world.open_item(party, units, day - world.days_to_pay(), number)
    payment = world.naming(party, units, day, [number])
    if world.dice.chance(200):
        _nameless(payment)
    world.tie("reference_in_text", [payment], [invoice])


def counterparty_only(world: World) -> None:
    """No reference; the same name, often the same account number, a few days apart."""
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    units = sign * world.amount(party.home.currency)
    reference = world.number() if world.dice.chance(700) else ""
    invoice = world.open_item(party, units, day - world.days_apart(), reference)
    payment = world.payment(party, units, day)
    world.tie("counterparty_only", [payment], [invoice])


def bare(world: World) -> None:
    """Nothing but amount and date; the books may know more than the bank says."""
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    units = sign * world.amount(party.home.currency)
    invoice = world.open_item(party, units, day - world.days_apart(), world.number() if world.dice.chance(500) else "")
    payment = world.payment(party, units, day)
    _nameless(payment)
    if world.dice.chance(500):
        _nameless(invoice)
    world.tie("bare", [payment], [invoice])


def duplicates(world: World) -> None:
    """Identical twins on both sides, two or three: which one pays which makes no difference."""
    party, sign = world.customer_or_supplier()
    count = 3 if world.dice.chance(200) else 2
    day = world.bank_day()
    units = sign * world.amount(party.home.currency)
    reference = world.number() if world.dice.chance(500) else ""
    apart = world.days_to_pay() if reference else world.days_apart()
    for _ in range(count):
        invoice = world.open_item(party, units, day - apart, reference)
        payment = world.payment(party, units, day, reference, description="")
        payment.value_day = day
        world.tie("duplicates", [payment], [invoice])


def _nameless(line: Line) -> None:
    line.party, line.name, line.party_account = None, "", ""
