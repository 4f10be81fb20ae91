"""Every rule of the core has its field, its Portuguese words and its status."""

import pytest

from tieout.dialects.fintera import OPERATIONS, SPELLED
from tieout.dialects.fintera.answers import Failed, Faults, full_messages, humanised
from tieout.dialects.fintera.refusals import FORBIDDEN, messages_of, refused
from tieout.domain.rules import RULES
from tieout.kernel.errors import Refusal
from tieout.services.context import Denied, denied


def test_every_rule_is_spelled_and_nothing_else_is() -> None:
    assert set(SPELLED) == set(RULES)


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_refusal_alone_is_a_4xx_with_words_for_people(code: str) -> None:
    answer = refused(denied(code, "reference", match="7"))

    said = answer.content
    assert 400 <= answer.status < 500
    assert isinstance(said, Faults | Failed)
    sentences = full_messages(said.messages) if isinstance(said, Faults) else [said.sentence]
    assert len(sentences) == 1
    assert "{" not in sentences[0]


def test_several_refusals_are_told_together_by_field_and_none_twice() -> None:
    refusals = (
        Refusal("direction_differs", "5", (("side", "statement"),)),
        Refusal("direction_differs", "6", (("side", "statement"),)),
        Refusal("unpaid", "7"),
        Refusal("required", "lines[0].minor_units"),
    )

    assert messages_of(refusals) == {
        "type": ["itens para conciliação não são compatíveis"],
        "status": ["a conta 7 ainda não está paga ou recebida"],
        "amount": ["não pode ser vazio"],
    }


def test_a_match_that_is_not_known_is_left_out_of_the_sentence() -> None:
    assert messages_of([Refusal("line_tied", "5")]) == {"base": ["5 já está conciliado"]}
    assert messages_of([Refusal("line_tied", "5", (("match", "9"),))]) == {
        "base": ["5 já está conciliado (conciliação 9)"]
    }


def test_an_entity_that_is_not_seen_and_a_missing_right_are_the_same_403() -> None:
    unseen = refused(denied("not_found", "entity"))
    lacking = refused(Denied((Refusal("not_permitted", "confirm"), Refusal("required", "name"))))

    assert unseen == lacking
    assert (unseen.status, unseen.content) == (403, Failed(FORBIDDEN))


@pytest.mark.parametrize(
    ("name", "shown"), [("total_amount", "Total amount"), ("person_id", "Person"), ("entity", "Entity")]
)
def test_a_field_is_named_for_people_as_rails_names_it(name: str, shown: str) -> None:
    assert humanised(name) == shown


def test_every_operation_of_the_contract_is_listed_once_and_served() -> None:
    listed = [(operation.method, operation.path) for operation in OPERATIONS]

    assert len(listed) == len(set(listed)) == 35
    assert all(not operation.why_not for operation in OPERATIONS)
