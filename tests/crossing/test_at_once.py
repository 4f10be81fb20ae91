"""Programs of different faces that want the same bank transaction at the same moment: one gets it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from tests.crossing.given_crossing import Firm, Reply

ROUNDS = 4


def at_once(*calls: Callable[[], Reply]) -> Sequence[Reply]:
    """The answers of calls that start together, in the order of the calls."""
    start = Barrier(len(calls))

    def started(call: Callable[[], Reply]) -> Reply:
        start.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(started, calls))


def test_one_face_ties_the_transaction_and_the_others_are_told_which_match_holds_it(firm: Firm) -> None:
    for _ in range(ROUNDS):
        transaction_id, line_id = firm.transaction(-75_00), firm.journal_line("-75.00")
        payable_id, native_payable = firm.paid_payable(-75_00), firm.paid_payable(-75_00)
        allocations = [{"line_id": transaction_id}, {"line_id": native_payable}]

        replies = at_once(
            partial(firm.external, transaction_id, line_id, "-75.00"),
            partial(firm.reconcile, [payable_id], [transaction_id]),
            partial(firm.native.call, "POST", "/matches", {"allocations": allocations}),
        )

        held_by = firm.live_match()
        winners = [reply for reply in replies if reply.status < 300]
        losers = [reply for reply in replies if reply.status >= 300]
        assert len(winners) == 1, replies
        assert all(400 <= reply.status < 500 and reply.names(held_by) for reply in losers), replies
        assert transaction_id not in firm.open_in_snapbooks()
        firm.undo(held_by)


def test_undoing_twice_at_once_through_two_faces_undoes_once(firm: Firm) -> None:
    transaction_id, line_id = firm.transaction(60_00), firm.journal_line("60.00")
    for _ in range(ROUNDS):
        match_id = firm.external(transaction_id, line_id, "60.00").json["id"]

        replies = at_once(
            partial(firm.snapbooks.call, "DELETE", f"/external-reconciliations/{match_id}"),
            partial(firm.native.call, "POST", f"/matches/{match_id}/undo", {"reason": "in error"}),
        )

        assert sorted(reply.status < 300 for reply in replies) == [False, True], replies
        assert firm.open_in_snapbooks() == [transaction_id]
        assert firm.line(line_id)["left"] == "60.00"


def test_a_transaction_that_is_tied_while_another_face_deletes_it_is_either_tied_or_gone(firm: Firm) -> None:
    for _ in range(ROUNDS):
        transaction_id, line_id = firm.transaction(40_00), firm.journal_line("40.00")

        tied, deleted = at_once(
            partial(firm.external, transaction_id, line_id, "40.00"),
            partial(firm.fintera.call, "DELETE", f"{firm.transactions}/{transaction_id}"),
        )

        assert (tied.status, deleted.status) in {(201, 422), (400, 200)}
        assert (transaction_id in firm.all_in_snapbooks()) == (tied.status == 201)
