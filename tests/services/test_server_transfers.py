"""Own transfers are two book entries that stand and fall together."""

from tests.given_documents import FIRST_OF_MAY, done, given_account, lines_of, refused
from tests.given_store import Office, given_office
from tieout.domain.lines import Line
from tieout.services.accounts import balance
from tieout.services.context import Context
from tieout.services.lines import delete_lines, edit_line, enter_transfer, line, restore_line
from tieout.services.period_locks import lock_period


def given_transfer(context: Context, office: Office) -> tuple[int, int, Line, Line]:
    """An own transfer of 50.00 on 4 May: the two accounts, money out and money in."""
    first, second = given_account(context, office, "1"), given_account(context, office, "2")
    leaving, arriving = done(
        enter_transfer(context, office.preparer, office.entity_id, first, second, 50_00, FIRST_OF_MAY + 3, "savings")
    )
    return first, second, leaving, arriving


def test_an_own_transfer_is_two_book_entries_that_share_an_id(context: Context) -> None:
    office = given_office(context)

    first, second, leaving, arriving = given_transfer(context, office)

    assert (leaving.account_id, leaving.minor_units) == (first, -50_00)
    assert (arriving.account_id, arriving.minor_units) == (second, 50_00)
    assert leaving.transfer_id == arriving.transfer_id == leaving.id
    assert {leaving.kind, arriving.kind} == {"bank_transfer"}


def test_the_other_side_of_a_transfer_follows_in_amount_and_day(context: Context) -> None:
    office = given_office(context)
    first, second, leaving, arriving = given_transfer(context, office)

    changes = {"minor_units": 60_00, "booking_day": FIRST_OF_MAY}
    done(edit_line(context, office.preparer, office.entity_id, arriving.id, changes))

    other = done(line(context, office.reader, office.entity_id, leaving.id)).line
    assert (other.minor_units, other.booking_day, other.version) == (-60_00, FIRST_OF_MAY, 2)
    assert balance(context, office.reader, office.entity_id, first, "ledger") == -60_00
    assert balance(context, office.reader, office.entity_id, second, "ledger") == 60_00


def test_a_transfer_is_deleted_and_restored_as_a_whole(context: Context) -> None:
    office = given_office(context)
    _, _, leaving, arriving = given_transfer(context, office)

    deleted = done(delete_lines(context, office.preparer, office.entity_id, [arriving.id]))
    done(restore_line(context, office.preparer, office.entity_id, leaving.id))

    assert deleted.deleted == (leaving.id, arriving.id)
    assert [each.id for each in lines_of(context, office)] == [leaving.id, arriving.id]


def test_a_lock_on_either_account_holds_both_sides_of_a_transfer(context: Context) -> None:
    office = given_office(context)
    first, _, _, arriving = given_transfer(context, office)
    done(lock_period(context, office.approver, office.entity_id, first, FIRST_OF_MAY + 9, enabled=True))

    editing = edit_line(context, office.preparer, office.entity_id, arriving.id, {"minor_units": 1})
    deleting = delete_lines(context, office.preparer, office.entity_id, [arriving.id], partial=True)

    assert refused(editing) == [("period_locked", "booking_day")]
    assert done(deleting).deleted == ()
    assert [refusal.concerns for refusal in done(deleting).refused] == ["lines[0]"]
    assert len(lines_of(context, office)) == 2


def test_a_transfer_needs_two_accounts_of_one_currency_and_an_amount(context: Context) -> None:
    office = given_office(context)
    first, euros = given_account(context, office, "1"), given_account(context, office, "2", currency="EUR")

    to_itself = enter_transfer(context, office.preparer, office.entity_id, first, first, 0, FIRST_OF_MAY, "")
    abroad = enter_transfer(context, office.preparer, office.entity_id, euros, first, -1, FIRST_OF_MAY, "")

    assert refused(to_itself) == [("amount_zero", "minor_units"), ("twice", "to.account_id")]
    assert refused(abroad) == [("not_allowed", "minor_units"), ("currency_differs", "to.currency")]
