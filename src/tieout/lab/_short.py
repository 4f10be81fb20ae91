"""Groups in which the payment differs from what it names: fees, discounts, instalments, exchange."""

from tieout.kernel.currencies import exponent_of
from tieout.kernel.money import decimal_text
from tieout.lab._draft import Line, Party
from tieout.lab._world import World

# Rates of foreign invoices in NOK, in ten-thousandths: a dollar costs 10.5000.
_RATES = {"USD": 105_000, "GBP": 133_000, "EUR": 114_000, "SEK": 9_900, "KWD": 341_000, "JPY": 700}
_RATE_DECIMALS = 4
# The card fee that the default plan accepts ends at 3.5 % and 50.00; what is generated stays a little below.
_FEE_PER_MILLE_MAX = 34
_FEE_UNITS_MAX = 50


def fee(world: World) -> None:
    """A card payment arrives short by the fee; the text names one invoice, rarely two.

    Beyond limits it names none, and nothing that the default plan does can find it.
    """
    party = world.dice.pick(world.customers)
    day = world.bank_day()
    count = 2 if world.dice.chance(120) else 1
    numbers, invoices, total = _invoices(world, party, 1, day - world.days_to_pay(), count)
    kept = _card_fee(world, total, party.home.currency)
    if world.beyond_limits():
        payment = world.payment(party, total - kept, day)
    else:
        payment = world.naming(party, total - kept, day, numbers)
    world.tie("fee", [payment], invoices)


def discount(world: World) -> None:
    """Paid within ten days less one to three per cent; the text names the invoice."""
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    count = 2 if world.dice.chance(120) else 1
    numbers, invoices, total = _invoices(world, party, sign, day - world.dice.between(2, 10), count)
    taken = total * world.dice.pick((10, 15, 20, 25, 30)) // 1000
    payment = world.naming(party, sign * (total - taken), day, numbers)
    world.tie("discount", [payment], invoices)


def partial(world: World) -> None:
    """One to three instalments name the invoice; the rest of it stays open. Each instalment is a group."""
    party, sign = world.customer_or_supplier()
    first = world.bank_day()
    numbers, invoices, total = _invoices(world, party, sign, first - world.dice.between(0, 20), 1)
    for place in range(world.dice.between(1, 3)):
        part = total * world.dice.between(150, 280) // 1000
        day = world.on_or_after(first + place * world.dice.between(5, 9))
        world.tie("partial", [world.naming(party, sign * part, day, numbers)], invoices)


def exchange(world: World) -> None:
    """An invoice in a foreign currency, paid into a NOK account at a rate that has moved by up to 4.5 %."""
    party = world.dice.pick(world.home_customers)
    currency = world.dice.pick(tuple(_RATES))
    number, day = world.number(), world.bank_day()
    base = world.amount("NOK")
    rate = _RATES[currency] * world.dice.between(960, 1040) // 1000
    units = base * 10 ** (exponent_of(currency) + _RATE_DECIMALS) // (100 * rate)
    invoice = world.open_item(party, units, day - world.dice.between(1, 40), number, currency=currency)
    carried = _in_base(units, rate, currency)
    invoice.base_amount, invoice.rate = decimal_text(carried, 2), decimal_text(rate, _RATE_DECIMALS)
    drift = world.dice.between(600, 900) if world.beyond_limits() else world.dice.between(-450, 450)
    payment = world.naming(party, carried + carried * drift // 10_000, day, [number])
    world.tie("exchange", [payment], [invoice])


def _invoices(world: World, party: Party, sign: int, day: int, count: int) -> tuple[list[str], list[Line], int]:
    """Document numbers, open items and the positive total of some invoices of one day."""
    amounts = [world.amount(party.home.currency) for _ in range(count)]
    numbers = [world.number() for _ in amounts]
    lines = [world.open_item(party, sign * units, day, number) for units, number in zip(amounts, numbers, strict=True)]
    return numbers, lines, sum(amounts)


def _card_fee(world: World, total: int, currency: str) -> int:
    highest = int(_FEE_UNITS_MAX * 10 ** exponent_of(currency))
    return max(1, min(total * world.dice.between(8, _FEE_PER_MILLE_MAX) // 1000, highest))


def _in_base(minor_units: int, rate: int, currency: str) -> int:
    """NOK minor units of a foreign amount, rounded half up once."""
    numerator, denominator = minor_units * rate * 100, 10 ** (exponent_of(currency) + _RATE_DECIMALS)
    return int((2 * numerator + denominator) // (2 * denominator))
