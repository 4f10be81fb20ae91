"""Pairs whose texts are damaged: names misspelt, cut or in capitals; numbers respaced, broken or grown together."""

from collections.abc import Callable

from tieout.lab import _texts
from tieout.lab._world import World


def dirty_text(world: World) -> None:
    """One payment of one document with one kind of damage."""
    damage = world.dice.pick((_NAME, _NAME, _NUMBER, _NUMBER, (_list_cut,)))
    world.dice.pick(damage)(world)


def _dirty_name(world: World, damaged: Callable[[World, str], tuple[str, bool]]) -> None:
    """No reference, a few days apart; the bank spells the name in its own way."""
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    units = sign * world.amount(party.home.currency)
    invoice = world.open_item(party, units, day - world.days_apart(), world.number())
    payment = world.payment(party, units, day)
    payment.name, payment.clear_name = damaged(world, payment.name)
    world.tie("dirty_text", [payment], [invoice])


def _in_capitals(world: World) -> None:
    _dirty_name(world, lambda _, name: (_texts.in_capitals(name), True))


def _cut(world: World) -> None:
    _dirty_name(world, lambda world, name: _texts.cut(world.dice, name))


def _misspelt(world: World) -> None:
    _dirty_name(world, lambda world, name: (_texts.misspelt(world.dice, name), False))


def _dirty_number(world: World, damaged: Callable[[str], str], readable: bool, in_text: bool = True) -> None:
    """The bank gives the document number damaged, in its text or in its reference field."""
    party, sign = world.customer_or_supplier()
    day, number = world.bank_day(), world.number()
    units = sign * world.amount(party.home.currency)
    invoice = world.open_item(party, units, day - world.days_apart(), number)
    spelt = damaged(number)
    payment = world.naming(party, units, day, [spelt]) if in_text else world.payment(party, units, day, spelt)
    payment.documents = invoice.documents if readable else ()
    world.tie("dirty_text", [payment], [invoice])


def _respaced(world: World) -> None:
    _dirty_number(world, lambda number: _texts.respaced(world.dice, number), readable=True)


def _respaced_reference(world: World) -> None:
    _dirty_number(world, lambda number: _texts.respaced(world.dice, number), readable=True, in_text=False)


def _broken(world: World) -> None:
    _dirty_number(world, _texts.broken, readable=False)


def _embedded(world: World) -> None:
    _dirty_number(world, lambda number: _texts.embedded(world.dice, number), readable=False)


def _list_cut(world: World) -> None:
    """A list of invoices that the bank cuts at 35 characters: only some numbers are left whole."""
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    invoices = [
        world.open_item(
            party, sign * world.amount(party.home.currency), day - world.dice.between(1, 30), world.number()
        )
        for _ in range(3)
    ]
    text = f"Fakt {' '.join(invoice.reference for invoice in invoices)}"[:35]
    payment = world.payment(party, sum(invoice.minor_units for invoice in invoices), day, description=text)
    whole = text.split(" ")
    payment.documents = tuple(invoice.documents[0] for invoice in invoices if invoice.reference in whole)
    world.tie("dirty_text", [payment], invoices)


_NAME = (_in_capitals, _cut, _misspelt)
_NUMBER = (_respaced, _respaced_reference, _broken, _embedded)
