"""Groups within the statement: payments that come back, and transfers between own accounts."""

from tieout.lab import _texts
from tieout.lab._draft import Line, OwnAccount, Party
from tieout.lab._world import World

_PAID_AGAIN_PER_MILLE = 125


def reversal(world: World) -> None:
    """A bank line and its return on one account: the same reference, or a text that says so; nothing in the books.

    One in eight is a returned debit whose invoice is open and is paid again: two collections fit one invoice.
    """
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    units = sign * world.amount(party.home.currency)
    if world.dice.chance(_PAID_AGAIN_PER_MILLE):
        _returned_and_paid_again(world, party, units, day)
        return
    reference = world.number("voucher") if world.dice.chance(700) else ""
    first = world.payment(party, units, day, reference)
    world.tie("reversal", [first, _return(world, first, party)], [])


def transfer(world: World) -> None:
    """Money moved between two own accounts: both legs on the statement side, up to five days apart."""
    source, target = world.accounts[:2] if world.dice.chance(500) else world.accounts[1::-1]
    units, day = world.amount("NOK"), world.bank_day()
    arrives = world.on_or_after(day + (world.dice.between(6, 9) if world.beyond_limits() else world.dice.below(4)))
    text = world.dice.pick(("Overføring egen konto", "Own transfer", "Umbuchung", "Sweep"))
    out = world.bank_line(world.itself, -units, day, source, description=text)
    back = world.bank_line(world.itself, units, arrives, target, description=text)
    out.party_account, back.party_account = target.number, source.number
    if world.dice.chance(150):
        for leg in (out, back):
            leg.party, leg.name, leg.party_account = None, "", ""
    world.tie("transfer", [out, back], [])


def _return(world: World, first: Line, party: Party) -> Line:
    """The line that undoes another one, two to twenty days later."""
    text = _texts.returning(world.dice, bool(first.reference))
    day = world.on_or_after(first.day + world.dice.between(2, 20))
    line = world.bank_line(party, -first.minor_units, day, party.home, first.reference, description=text)
    line.says_return = True
    return line


def _returned_and_paid_again(world: World, party: Party, units: int, day: int) -> None:
    number = world.number()
    invoice = world.open_item(party, units, day - world.dice.between(3, 12), number)
    first = world.payment(party, units, day, number)
    returned = _return(world, first, party)
    again = world.payment(party, units, world.on_or_after(returned.day + world.dice.between(1, 8)), number)
    world.tie("reversal", [first, returned], [])
    world.tie("reversal", [again], [invoice])


def other_account(world: World, account: OwnAccount) -> OwnAccount:
    """The own account in the same currency that money can be moved to: NOK has two."""
    return world.accounts[1] if account is world.accounts[0] else world.accounts[0]
