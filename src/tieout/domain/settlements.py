"""Settlements: what a provider says it paid or kept for one order, its payout reports, and who has fetched them.

A settlement entry is a statement line of a provider account; what the provider says beside amount, day and texts
stands in a row of its own under the line's id.
"""

from dataclasses import dataclass
from enum import StrEnum


class BatchState(StrEnum):
    """How far a batch is. An open one is shown to no consuming integration."""

    OPEN = "open"  # received, its proof not made or its provider not done with it
    ANALYZED = "analyzed"  # matched by the engine; something does not tie out, or nothing says how signs are meant
    FINALIZED = "finalized"  # entries, payout and carried balances close to zero


class SignRule(StrEnum):
    """How the values that a provider reports become effects on the payout."""

    AS_RECEIVED = "as_received"  # a value's own sign, or its credit and debit columns, say it
    BY_TYPE = "by_type"  # values come without a sign that means anything: the type says it


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementBatch:
    """One payout report of a provider, or the entries of an account that are not paid out yet.

    entries + carried = payout, where the batch ties out; `gap_minor_units` is payout - (entries + carried).
    """

    entity_id: int
    id: int
    account_id: int  # the provider's clearing account
    document_id: int | None
    statement_id: int | None
    number: str  # as the provider writes it; empty where it gives none
    channel: str  # the marketplace or provider, as it is called: ADYEN, MERCADO PAGO, B2W
    currency: str
    state: str  # BatchState
    sign_rule: str  # SignRule; empty while nothing decides
    entries: int
    entries_minor_units: int  # signed sum of the effects
    carried_minor_units: int  # brought in positive, left for later negative
    payout_minor_units: int | None  # positive is money to the bank; None where nothing says a payout
    payout_day: int | None
    payout_line_id: int | None  # the payout among the lines of the clearing account
    gap_minor_units: int | None
    start_day: int | None
    end_day: int | None
    created_at: int
    updated_at: int
    analyzed_at: int | None
    finalized_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementEntry:
    """What a provider says of one entry beside its statement line; `line_id` is the line's."""

    entity_id: int
    line_id: int
    batch_id: int
    account_id: int
    channel: str
    order_code: str  # of the shop; empty where the entry is of no order
    entry_type: str  # as the provider writes it: Settled, payment, SALE, COMISSION
    received: str  # the value as received, decimal text with its own sign; empty while the provider waits
    original_minor_units: int | None  # what the order was sold for
    expected_minor_units: int | None  # the effect that was expected; None where nobody said
    expected_day: int | None
    released_day: int | None
    plot_number: int | None  # which instalment of
    plots_quantity: int | None
    facts: str  # JSON text: what else the provider says, by its own field names


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """A consuming system of one entity, which fetches settlements and says what it did; it outlives credentials."""

    entity_id: int
    id: int
    name: str
    unread_only: bool  # what a call that does not say it wants gets
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationUser:
    """Whose credentials act for an integration."""

    entity_id: int
    user_id: int
    integration_id: int
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What an integration did with one entry; each flag goes from no to yes, once."""

    entity_id: int
    integration_id: int
    line_id: int
    read_at: int | None
    resolved_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryProgress:
    """How much of one batch an integration has dealt with. Derived from its deliveries, so that no page counts them.

    Entries below `unread_from` are all read or resolved, those below `unresolved_from` all resolved.
    """

    entity_id: int
    integration_id: int
    batch_id: int
    touched: int  # entries that are read or resolved
    resolved: int
    unread_from: int
    unresolved_from: int
