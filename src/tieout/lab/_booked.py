"""Payments that the books already know: the bank line ties to the book entry, and what the entry settles is closed."""

from tieout.lab._draft import Line, Party
from tieout.lab._inside import other_account
from tieout.lab._world import World


def booked(world: World) -> None:
    """One of the ways in which a payment is already posted."""
    world.dice.pick(_WAYS)(world)


def _with_reference(world: World) -> None:
    """The payment is posted with the reference that the bank repeats."""
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    invoice = _settled(world, party, sign * world.amount(party.home.currency), day - world.dice.between(5, 40))
    entry = _entry(world, party, [invoice], day - world.dice.below(3), invoice.reference)
    payment = world.payment(party, invoice.minor_units, day, invoice.reference)
    world.tie("booked", [payment], [entry])


def _with_voucher(world: World) -> None:
    """The payment is posted under a voucher number that the bank does not know; party and amount tell."""
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    invoice = _settled(world, party, sign * world.amount(party.home.currency), day - world.dice.between(5, 40))
    entry = _entry(world, party, [invoice], day - world.dice.below(5), world.number("voucher"))
    payment = world.payment(party, invoice.minor_units, day)
    world.tie("booked", [payment], [entry])


def _batch_payment(world: World) -> None:
    """Several items paid in one go and posted as one entry."""
    party, sign = world.customer_or_supplier()
    day, voucher = world.bank_day(), world.number("voucher")
    invoices = [
        _settled(world, party, sign * world.amount(party.home.currency), day - world.dice.between(5, 40))
        for _ in range(world.dice.between(2, 4))
    ]
    kind = "customer_batch_payment" if sign > 0 else "supplier_batch_payment"
    entry = _entry(world, party, invoices, day - world.dice.below(3), voucher, kind)
    payment = world.payment(party, entry.minor_units, day, voucher)
    world.tie("booked", [payment], [entry])


def _posted_per_invoice(world: World) -> None:
    """One payment names two invoices and is posted as one entry for each."""
    party, sign = world.customer_or_supplier()
    day = world.bank_day()
    invoices = [
        _settled(world, party, sign * world.amount(party.home.currency), day - world.dice.between(5, 40))
        for _ in range(2)
    ]
    posted = day - world.dice.below(3)
    entries = [_entry(world, party, [invoice], posted, invoice.reference) for invoice in invoices]
    total = sum(entry.minor_units for entry in entries)
    payment = world.naming(party, total, day, [entry.reference for entry in entries])
    world.tie("booked", [payment], entries)


def _journal_entry(world: World) -> None:
    """Interest, rent or salaries posted by hand: no party, no reference."""
    account, day = world.dice.pick(world.accounts), world.bank_day()
    units = -world.amount(account.currency)
    kind = world.dice.pick(("journal_entry_line", "bank_entry"))
    entry = world.book_entry(None, units, day - world.dice.below(3), account, kind=kind)
    payment = world.bank_line(None, units, day, account)
    world.tie("booked", [payment], [entry])


def _posted_transfer(world: World) -> None:
    """An own transfer that the books know: each leg ties to its own entry."""
    source, day, number = world.dice.pick(world.accounts[:2]), world.bank_day(), world.number("voucher")
    units = world.amount("NOK")
    for account, leg in ((source, -units), (other_account(world, source), units)):
        entry = world.book_entry(None, leg, day, account, number, kind="bank_transfer")
        payment = world.bank_line(world.itself, leg, day, account, number, description="Own transfer")
        payment.party_account = other_account(world, account).number
        world.tie("booked", [payment], [entry])


def _settled(world: World, party: Party, minor_units: int, day: int) -> Line:
    open_item = world.open_item(party, minor_units, day, world.number())
    open_item.settled = True
    return open_item


def _entry(world: World, party: Party, invoices: list[Line], day: int, reference: str, kind: str | None = None) -> Line:
    units = sum(invoice.minor_units for invoice in invoices)
    kind = kind or ("customer_payment" if units > 0 else "supplier_payment")
    entry = world.book_entry(party, units, day, party.home, reference, kind=kind)
    entry.settles = tuple(invoices)
    return entry


_WAYS = (
    _with_reference,
    _with_reference,
    _with_reference,
    _with_voucher,
    _with_voucher,
    _batch_payment,
    _posted_per_invoice,
    _journal_entry,
    _posted_transfer,
)
