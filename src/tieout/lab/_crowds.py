"""Lines that look alike or stand alone: price points that collide, and lines whose counterpart is missing."""

from tieout.lab._world import World

# Prices in minor units: 9.99 in kroner and euro, 999 yen. What is sold without names comes from another shop than what
# is sold with names, hence at other prices.
_PRICES_WITHOUT_NAME = (999, 19_900, 1_990, 9_900, 2_999)
_PRICES_WITH_NAME = (4_900, 14_900, 24_900, 7_990, 39_900)
_CLUSTER = (2, 4)
_CLUSTER_DAYS = 7


def price_point(world: World) -> None:
    """Two to four sales at one price inside a few days; half of the shops say who paid."""
    named = world.dice.chance(500)
    account = world.dice.pick(world.accounts)
    price = world.dice.pick(_PRICES_WITH_NAME if named else _PRICES_WITHOUT_NAME)
    first = world.bank_day()
    for _ in range(world.dice.between(*_CLUSTER)):
        party = world.dice.pick(world.consumers)
        day = world.on_or_after(first + world.dice.below(_CLUSTER_DAYS))
        order = world.open_item(party, price, day - world.dice.below(4), kind="order", currency=account.currency)
        paid = world.bank_line(party, price, day, account)
        if not named:
            for line in (order, paid):
                line.party, line.name, line.party_account = None, "", ""
        world.tie("price_point", [paid], [order])


def missing_counterpart(world: World) -> None:
    """A line of one side without anything on the other; it forms no group."""
    world.dice.pick(_KINDS)(world)


def _unpaid(world: World) -> None:
    party, sign = world.customer_or_supplier()
    world.open_item(party, sign * world.amount(party.home.currency), world.bank_day(), world.number())


def _outstanding(world: World) -> None:
    """A payment in the books that the bank has not executed."""
    party, sign = world.customer_or_supplier()
    units = sign * world.amount(party.home.currency)
    kind = "customer_payment" if sign > 0 else "supplier_payment"
    world.book_entry(party, units, world.bank_day(), party.home, world.number("voucher"), kind=kind)


def _unknown_receipt(world: World) -> None:
    """Money of somebody whose invoice is not in the file; some name a number that nobody knows."""
    party, sign = world.customer_or_supplier()
    units, day = sign * world.amount(party.home.currency), world.bank_day()
    if world.dice.chance(400):
        world.naming(party, units, day, [world.number()])
    else:
        world.payment(party, units, day)


def _bank_charge(world: World) -> None:
    account = world.dice.pick(world.accounts)
    world.bank_line(None, -world.dice.between(150, 9_000), world.bank_day(), account, description="Gebyr")


_KINDS = (
    _unpaid,
    _unpaid,
    _outstanding,
    _unknown_receipt,
    _unknown_receipt,
    _unknown_receipt,
    _bank_charge,
    _bank_charge,
)
