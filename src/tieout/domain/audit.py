"""Events of an entity or an organisation, each bound to the one before it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One business change: what was written, by whom, chained by `digest` over its content and the previous digest.

    scope: "entity:7", or "organisation:1" where there is no entity. body: JSON text; rows written, or table, range,
    count and digest of a bulk.
    """

    scope: str
    sequence: int  # 1, 2, ... without a gap
    at: int
    actor: str
    action: str  # "confirm_match"
    body: str
    previous_digest: bytes
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKept:
    """An answer kept under an Idempotency-Key, in the transaction of its effect."""

    principal: str
    route: str
    key: str
    fields: str  # JSON text: digest by top-level field of the request
    status: int
    body: bytes
    headers: str  # JSON text
    at: int
