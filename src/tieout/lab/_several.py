"""Groups of several lines on one side: payouts, collective payments, payments in parts, credit notes."""

from tieout.lab import _texts
from tieout.lab._draft import Line, Party
from tieout.lab._world import World

_BATCH_LINES = (3, 24)


def batch(world: World) -> None:
    """A payout of many orders. It carries the batch id in its column, in its reference or text, or not at all."""
    provider = world.dice.pick(world.providers)
    day, payout = world.bank_day(), world.number("payout")
    named = world.dice.pick(("column", "column", "column with fee", "column with fee", "reference", "text", "none"))
    orders = _orders(world, provider, day, payout)
    total = sum(order.minor_units for order in orders)
    kept = total * world.dice.between(10, 45) // 1000 if named == "column with fee" else 0
    line = world.payment(provider, total - kept, day, payout if named == "reference" else "")
    if named.startswith("column"):
        line.batch = payout
    elif named == "text":
        line.description = f"Payout {payout} {provider.name.split(' ')[0]}"
        line.documents = (_texts.normalised(payout),)
    world.tie("batch", [line], orders)


def sum_unnamed(world: World) -> None:
    """One payment for two to five invoices of one customer, no number in the text; beyond limits six to eight."""
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    count = world.dice.between(6, 8) if world.beyond_limits() else world.dice.between(2, 5)
    invoices = [_invoice(world, party, sign, day - world.dice.between(1, 35)) for _ in range(count)]
    payment = world.payment(party, sum(invoice.minor_units for invoice in invoices), day)
    world.tie("sum", [payment], invoices)


def sum_named(world: World) -> None:
    """One payment whose text lists its two to six invoices."""
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    apart = world.days_to_pay()
    invoices = [
        _invoice(world, party, sign, day - min(apart + world.dice.below(8), max(apart, 45)))
        for _ in range(world.dice.between(2, 6))
    ]
    total = sum(invoice.minor_units for invoice in invoices)
    payment = world.naming(party, total, day, [invoice.reference for invoice in invoices])
    world.tie("sum_named", [payment], invoices)


def many_payments(world: World) -> None:
    """Two to four payments of one invoice that do not name it."""
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    units = world.amount(party.home.currency)
    invoice = world.open_item(party, sign * units, day - world.dice.between(0, 4), world.number())
    late = 30 if world.beyond_limits() else 0
    payments = [
        world.payment(party, sign * part, world.on_or_after(day + late + world.dice.between(1, 36)))
        for part in world.dice.parts(units, world.dice.between(2, 4))
    ]
    world.tie("many_payments", payments, [invoice])


def credit_note(world: World) -> None:
    """One payment for one to three invoices less a credit note, named in half of the cases."""
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    invoices = [_invoice(world, party, sign, day - world.dice.between(5, 35)) for _ in range(world.dice.between(1, 3))]
    credited = -(invoices[0].minor_units * world.dice.between(100, 500) // 1000)
    kind = invoices[0].kind
    note = world.open_item(party, credited, day - world.dice.between(1, 20), world.number("credit"), kind=kind)
    lines = [*invoices, note]
    total = sum(line.minor_units for line in lines)
    if world.dice.chance(500):
        payment = world.naming(party, total, day, [line.reference for line in lines])
    else:
        payment = world.payment(party, total, day)
    world.tie("credit_note", [payment], lines)


def _invoice(world: World, party: Party, sign: int, day: int) -> Line:
    return world.open_item(party, sign * world.amount(party.home.currency), day, world.number())


def _orders(world: World, provider: Party, day: int, payout: str) -> list[Line]:
    """Orders of the days before the payout, one batch in three with a refund of part of its first order."""
    earliest = 14 if world.beyond_limits() else 9
    currency = provider.home.currency
    amounts = [world.order_amount(currency) for _ in range(world.dice.between(*_BATCH_LINES))]
    if world.dice.chance(330):
        amounts.append(-(amounts[0] * world.dice.between(100, 900) // 1000))
    return [
        world.open_item(
            provider, units, day - world.dice.between(1, earliest), world.number("order"), kind="order", batch=payout
        )
        for units in amounts
    ]
