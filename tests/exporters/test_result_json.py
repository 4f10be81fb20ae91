"""result.json: the promised members, in the promised order, and nothing that depends on the machine."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

import msgspec
import pytest

from tests.given_results import EMPTY, MATCHES, RESULT, large
from tieout.domain.matches import Match, MatchState
from tieout.domain.results import Conservation, Result
from tieout.exporters import rest_json, result_json
from tieout.kernel.errors import Finding, Place

Amount = str


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    """A shape that has these members and no others."""


class _Plan(Strict):
    name: str
    sha256: str


class _Proof(Strict):
    account: str
    currency: str
    opening: Amount | None
    movements: Amount
    closing: Amount | None
    holds: bool | None
    gap: Amount | None
    reason: str | None


class _Noticed(Strict):
    code: str
    place: str
    message: str


class _Outstanding(Strict):
    lines: list[str]
    sum: Amount
    ages: list[int]
    amounts: list[Amount]


class _Reconciliation(Strict):
    account: str
    currency: str
    as_of: str | None
    per_bank: Amount | None
    in_books_not_on_bank: _Outstanding
    on_bank_not_in_books: _Outstanding
    per_books: Amount | None
    difference: Amount | None
    holds: bool | None
    reason: str | None


class _Allocation(Strict):
    side: Literal["statement", "ledger"]
    line: str
    amount: Amount
    currency: str


class _Adjustment(Strict):
    type: Literal[
        "fee", "bank_charge", "tax", "withholding_tax", "discount", "interest", "exchange", "rounding", "write_off"
    ]
    amount: Amount
    currency: str
    account: str | None
    rule: str | None
    rate: str | msgspec.UnsetType = msgspec.UNSET


class _Residual(Strict):
    amount: Amount
    currency: str


class _Realised(Strict):
    amount: Amount | None
    currency: str | msgspec.UnsetType = msgspec.UNSET
    reason: str | msgspec.UnsetType = msgspec.UNSET


class _Evidence(Strict, rename={"supporting": "for", "contradicting": "against"}):
    supporting: list[str]
    contradicting: list[str]


class _Match(Strict):
    id: int
    kind: Literal["across", "within"]
    state: Literal["confirmed", "proposed"]
    matcher: str
    statement: list[str]
    ledger: list[str]
    allocations: list[_Allocation]
    adjustments: list[_Adjustment]
    residual: list[_Residual]
    realised: _Realised | None
    answers: int
    searched_fully: bool
    accidental_hits: float | None
    reasons: list[str]
    steps: int
    evidence: _Evidence
    action: str | msgspec.UnsetType = msgspec.UNSET


class _Pairing(Strict):
    statement: list[str]
    ledger: list[str]


class _Ambiguity(Strict):
    statement: list[str]
    ledger: list[str]
    answers: list[list[str] | _Pairing]
    more: bool
    would_decide: str


class _Sides(Strict):
    statement: list[str]
    ledger: list[str]


class _LineOfSide(Strict):
    side: Literal["statement", "ledger"]
    line: str


class _Awaiting(Strict):
    line: str
    amount: Amount
    currency: str


class _BroughtForward(Strict):
    lines: list[_LineOfSide]
    awaiting: list[_Awaiting]
    closed: _Sides
    left_out: int


class _Conservation(Strict):
    holds: bool
    faults: list[str]


class _Summary(Strict):
    statement_lines: int
    ledger_lines: int
    matches_confirmed: int
    matches_proposed: int
    ambiguous: int
    open_statement_lines: int
    open_ledger_lines: int
    quarantined: int
    seconds: float


class _Result(Strict):
    tieout: str
    plan: _Plan
    proofs: list[_Proof]
    quarantined: list[_Noticed]
    warnings: list[_Noticed]
    reconciliations: list[_Reconciliation]
    matches: list[_Match]
    ambiguous: list[_Ambiguity]
    open: _Sides
    open_parts: list[_Allocation]
    settled_in_books: list[str]
    ignored: list[_LineOfSide]
    brought_forward: _BroughtForward | None
    conservation: _Conservation
    summary: _Summary


PROMISED_ORDER = (
    *("tieout", "plan", "proofs", "quarantined", "reconciliations", "matches", "ambiguous", "open", "open_parts"),
    *("conservation", "summary"),
)


def written(result: Result) -> bytes:
    """result.json of a result."""
    stream = io.BytesIO()
    result_json.write(result, stream)
    return stream.getvalue()


def read(result: Result) -> dict[str, Any]:
    """result.json as plain values."""
    answer: dict[str, Any] = json.loads(written(result))
    return answer


@pytest.mark.parametrize("result", [RESULT, EMPTY], ids=["one of everything", "empty"])
def test_the_file_has_the_promised_members_and_no_others(result: Result) -> None:
    answer = msgspec.json.decode(written(result), type=_Result, strict=True)

    assert len(answer.matches) == answer.summary.matches_confirmed + answer.summary.matches_proposed


def test_members_stand_in_the_promised_order() -> None:
    names = list(read(RESULT))

    assert [name for name in names if name in PROMISED_ORDER] == list(PROMISED_ORDER)


def test_every_match_stands_on_a_line_of_its_own() -> None:
    lines = written(RESULT).decode().splitlines()

    assert [json.loads(line.rstrip(","))["id"] for line in lines if line.startswith('{"id":')] == [1, 2, 3, 4, 5]


def test_amounts_have_the_decimals_of_their_currency_and_keep_their_sign() -> None:
    answer = read(RESULT)

    assert answer["matches"][0]["adjustments"][0]["amount"] == "-3.00"
    assert answer["matches"][4]["residual"] == [{"amount": "100", "currency": "JPY"}]
    assert answer["proofs"][2]["movements"] == "1.250"


def test_only_a_proposed_match_has_a_residual() -> None:
    confirmed = MATCHES[4]._replace(state=MatchState.CONFIRMED)

    matches = read(replace(RESULT, matches=lambda: iter([MATCHES[4], confirmed])))["matches"]

    assert [bool(match["residual"]) for match in matches] == [True, False]


def test_a_gain_is_an_amount_or_says_why_it_is_not_computed() -> None:
    matches = read(RESULT)["matches"]

    assert matches[2]["realised"] == {"amount": "12.00", "currency": "NOK"}
    assert matches[3]["realised"] == {"amount": None, "reason": "no_carrying_value"}
    assert matches[0]["realised"] is None


def test_an_exchange_leg_carries_its_rate_as_text_and_other_legs_have_none() -> None:
    legs = read(RESULT)["matches"][2]["adjustments"]

    assert [leg.get("rate") for leg in legs] == ["11.60", "11.60", None]
    assert "rate" not in legs[2]


def test_chance_is_told_at_four_digits_or_not_at_all() -> None:
    assert [match["accidental_hits"] for match in read(RESULT)["matches"]] == [0.0002346, None, None, 0.0, 1.5]


def test_an_action_is_there_only_where_something_is_to_do() -> None:
    assert ["action" in match for match in read(RESULT)["matches"]] == [False, False, False, False, True]


def test_where_no_side_is_fixed_an_answer_names_lines_of_both() -> None:
    fixed, neither = read(RESULT)["ambiguous"]

    assert fixed["answers"] == [["L1"], ["L2"]]
    assert (neither["statement"], neither["ledger"]) == ([], [])
    assert neither["answers"][1] == {"statement": ["S2"], "ledger": ["L2", "L10"]}


def test_the_open_parts_say_what_is_left_of_every_open_line() -> None:
    answer = read(RESULT)

    assert answer["open"] == {"statement": ["S2", "-/2026-05-11/1", "S6", "S8"], "ledger": ["L1", "L2", "L8", "L10"]}
    assert [part["line"] for part in answer["open_parts"]] == answer["open"]["statement"] + answer["open"]["ledger"]
    assert answer["open_parts"][2]["amount"] == "50.00"


def test_no_folder_of_a_machine_is_named() -> None:
    places = [finding["place"] for name in ("quarantined", "warnings") for finding in read(RESULT)[name]]

    assert places == ["may.sta:17:1", "may.zip!a/b.csv"]


def test_a_file_name_that_is_no_text_is_written_all_the_same() -> None:
    finding = Finding("empty", "no bytes", Place("in/\udce6.sta"))

    answer = read(replace(EMPTY, quarantined=(finding,)))

    assert answer["quarantined"][0]["place"] == "?.sta"


def test_two_runs_differ_in_their_seconds_only() -> None:
    first, second = (written(replace(RESULT, seconds=seconds)).splitlines() for seconds in (0.1, 2.5))

    different = [line for line, other in zip(first, second, strict=True) if line != other]

    assert len(different) == 1
    assert different[0].startswith(b'"summary"')


def test_small_and_large_tables_give_the_same_bytes() -> None:
    assert written(large(RESULT)) == written(RESULT)


def test_a_line_that_is_lost_is_said() -> None:
    lost = replace(EMPTY, conservation=Conservation(holds=False, faults=("S1 is neither used nor open",)))

    assert read(lost)["conservation"] == {"holds": False, "faults": ["S1 is neither used nor open"]}


def test_matches_are_written_while_they_are_made() -> None:
    made = 0

    def matches() -> Iterator[Match]:
        nonlocal made
        for number in range(1, 5_001):
            made += 1
            yield MATCHES[1]._replace(id=number)

    class Watched(io.BytesIO):
        made_at_first_match = 0

        def write(self, piece: Any) -> int:
            if not self.made_at_first_match and b'"matcher"' in bytes(piece):
                self.made_at_first_match = made
            return super().write(piece)

    stream = Watched()
    result_json.write(replace(RESULT, matches=matches), stream)

    assert 0 < stream.made_at_first_match <= 1_000
    assert len(json.loads(stream.getvalue())["matches"]) == 5_000


def test_beside_parquet_the_long_lists_are_left_out_and_their_files_named() -> None:
    stream = io.BytesIO()
    rest_json.write(RESULT, stream)

    answer, whole = json.loads(stream.getvalue()), read(RESULT)

    assert set(whole) - set(answer) == {"matches", "open", "open_parts"}
    assert answer.pop("tables") == {
        "matches": "matches.parquet",
        "allocations": "allocations.parquet",
        "open_parts": "open.parquet",
    }
    assert all(whole[name] == value for name, value in answer.items())
