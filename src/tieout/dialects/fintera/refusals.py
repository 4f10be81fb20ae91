"""Every refusal of the core in the vendor's terms: a status, the field it stands under, a message in Portuguese.

The keys `type` and `entity` and their messages stand in the vendor's page of 2013; `name`, `due_date` and the like with
"não pode ser vazio" and "não é uma data válida" are recorded (2015-2017); the others are ours.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tieout.dialects.fintera.answers import Answer, Failed, Faults
from tieout.kernel.errors import Refusal
from tieout.services.context import Denied

FORBIDDEN = "Você não tem permissão para acessar este recurso."
INVALID = "Sua solicitação não é válida. Por favor, verifique os dados enviados."
NO_SUCH_PATH = "A página que você estava procurando não existe."
BLANK = "não pode ser vazio"
NOT_A_DAY = "não é uma data válida"
NOT_A_NUMBER = "não é um número"
NOT_IN_LIST = "não está incluído na lista"
NOT_FOUND = "não encontrado"

# The column of the core that a refusal is about, as the vendor calls the field.
FIELDS: Mapping[str, str] = {
    "minor_units": "amount",
    "booking_day": "occurred_at",
    "paid_day": "occurred_at",
    "reference": "document",
    "account_id": "deposit_account",
    "starting_minor_units": "initial_balance",
    "number": "bank_account",
    "currency": "currency",
    "counterparty": "person",
    "content": "file",
    "document": "file",
    "side": "type",
}


class Spelling(NamedTuple):
    """How one refusal is said; facts of the refusal fill the braces."""

    message: str
    key: str = ""  # empty: the field that the refusal concerns
    status: int = 422


SPELLED: Mapping[str, Spelling] = {
    # Who may
    "not_found": Spelling(NOT_FOUND, "base", 404),
    "not_permitted": Spelling(FORBIDDEN, "error", 403),
    "second_person_needed": Spelling("uma segunda pessoa precisa confirmar", "base"),
    "post_missing": Spelling("este token não confirma sozinho: uma segunda pessoa precisa confirmar", "base"),
    "last_owner": Spelling("a entidade precisa manter ao menos um responsável", "base"),
    # What was sent
    "required": Spelling(BLANK),
    "not_allowed": Spelling(NOT_IN_LIST),
    "not_an_amount": Spelling(NOT_A_NUMBER),
    "too_many_decimals": Spelling("tem mais casas decimais do que a moeda permite"),
    "amount_zero": Spelling("não pode ser zero"),
    "amount_out_of_range": Spelling("é grande demais"),
    "bad_date": Spelling(NOT_A_DAY),
    "unknown_currency": Spelling("não é uma moeda conhecida"),
    "too_many": Spelling("tem mais itens do que uma requisição pode levar"),
    "twice": Spelling("foi informado mais de uma vez"),
    "too_long": Spelling("é muito longo"),
    "exists": Spelling("já está em uso"),
    "changed_meanwhile": Spelling("foi alterado por outra pessoa; tente novamente", "base"),
    # Documents
    "not_read": Spelling("não pôde ser lido", "file"),
    "document_exists": Spelling("já foi importado", "file"),
    # Lines
    "line_frozen": Spelling("está conciliado (conciliação {match}); desfaça a conciliação antes", "base"),
    "line_cleared": Spelling("está marcado em um fechamento", "base"),
    "line_not_entered": Spelling("veio do extrato do banco e não pode ser alterado", "base"),
    "period_locked": Spelling("o período está bloqueado até {through}", "base"),
    "period_closed": Spelling("o período está fechado até {through}; reabra-o antes", "base"),
    "account_in_use": Spelling("a conta tem lançamentos e não pode ser excluída", "base"),
    "account_archived": Spelling("está arquivada", "deposit_account"),
    # Matches
    "line_unknown": Spelling("{concerns} não encontrado", "base"),
    "line_twice": Spelling("{concerns} foi informado mais de uma vez", "base"),
    "line_tied": Spelling("{concerns} já está conciliado (conciliação {match})", "base"),
    "line_used_up": Spelling("{concerns} já está conciliado em parte (conciliação {match})", "base"),
    "allocation_zero": Spelling("{concerns} não tem valor a conciliar", "amount"),
    "allocation_sign": Spelling("{concerns} tem sinal contrário", "amount"),
    "allocation_exceeds": Spelling("{concerns} tem menos do que o valor informado", "amount"),
    "currency_differs": Spelling("não é a mesma em todos os itens", "currency"),
    "entities_differ": Spelling("não pertencem à mesma entidade", "entity"),
    "accounts_differ": Spelling("não pertencem à mesma conta", "deposit_account"),
    "side_missing": Spelling("precisa ter contas e lançamentos", "base"),
    "sides_mixed": Spelling("mistura contas e lançamentos", "base"),
    "too_few_lines": Spelling("precisa de ao menos dois itens", "base"),
    "residual_remains": Spelling("a soma das contas não é igual à soma dos lançamentos", "amount"),
    "direction_differs": Spelling("itens para conciliação não são compatíveis", "type"),
    "unpaid": Spelling("a conta {concerns} ainda não está paga ou recebida", "status"),
    "already_paid": Spelling("a conta já está paga ou recebida; desfaça o pagamento antes", "status"),
    "rate_differs": Spelling("não corresponde aos valores", "rate"),
    "state_differs": Spelling("a conciliação não está em um estado que permita isso", "base"),
    # Reconciliations
    "reconciliation_in_progress": Spelling("já existe um fechamento em andamento", "base"),
    "not_latest": Spelling("somente o último fechamento pode ser alterado", "base"),
    "not_in_progress": Spelling("o fechamento está concluído", "base"),
    "does_not_add_up": Spelling("o saldo final não confere", "base"),
    "account_mismatch": Spelling("é de outra conta", "deposit_account"),
    "line_after_end": Spelling("é posterior ao fim do período", "base"),
    "end_before_start": Spelling("o fim é anterior ao início", "base"),
    "both_given": Spelling("não podem ser informados juntos", "base"),
    # Books
    "instalments_differ": Spelling("a soma das parcelas não é igual ao total", "amount"),
    "entry_unbalanced": Spelling("débitos e créditos diferem", "base"),
    "entry_in_use": Spelling("uma linha do lançamento está conciliada", "base"),
    "part_of_entry": Spelling("faz parte de um lançamento contábil", "base"),
    "resolved_already": Spelling("já está resolvido", "base"),
    # Outside
    "platform_unavailable": Spelling("o sistema contábil não respondeu como esperado", "base"),
    # Signing in
    "credentials_wrong": Spelling("HTTP Basic: Access denied.", "error", 401),
    "account_locked": Spelling("muitas tentativas; tente mais tarde", "error", 401),
}


def refused(denied: Denied, fields: Mapping[str, str] | None = None, missing: str = "") -> Answer:
    """The answer that every refusal of a service becomes, all of them together.

    fields: the vendor's names of columns, where they are not those of FIELDS. missing: the whole sentence of a 404.
    """
    codes = {(refusal.code, refusal.concerns) for refusal in denied.refusals}
    if ("not_found", "entity") in codes or any(code == "not_permitted" for code, _ in codes):
        return Answer(Failed(FORBIDDEN), 403)
    if all(code == "not_found" and _column(concerns) not in FIELDS for code, concerns in codes):
        return Answer(Failed(missing or f"Registro {NOT_FOUND}."), 404)
    return Answer(Faults(messages_of(denied.refusals, fields)), 422)


def messages_of(refusals: Iterable[Refusal], fields: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """Messages by the vendor's field, in the order of the refusals, none twice."""
    names = {**FIELDS, **(fields or {})}
    found: dict[str, list[str]] = {}
    for refusal in refusals:
        spelling = SPELLED[refusal.code]
        column = _column(refusal.concerns)
        key = spelling.key or names.get(column, column) or "base"
        if spelling.status == 404:
            key = names.get(column, spelling.key)
        message = _said(spelling.message, refusal)
        if message not in found.setdefault(key, []):
            found[key].append(message)
    return found


def _said(message: str, refusal: Refusal) -> str:
    """The message with the facts of the refusal; where one is not known, its part is left out."""
    facts = {"match": "", "through": "", "concerns": refusal.concerns, **dict(refusal.facts)}
    return message.format_map(facts).replace(" (conciliação )", "").replace(" até ;", ";").removesuffix(" até ")


def _column(concerns: str) -> str:
    """The column at the end of a place: instalments[0].account_id is about account_id."""
    return concerns.rpartition(".")[2]
