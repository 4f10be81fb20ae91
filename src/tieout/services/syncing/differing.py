"""Differences that syncing finds: what a platform did to lines that are tied, closed or locked here."""

from tieout.domain.books import Difference
from tieout.store.protocols import Writing


def open_difference(
    work: Writing, entity_id: int, subject: str, minor_units: int, currency: str, reason: str, now: int, by: str
) -> None:
    """A difference that somebody must explain, unless one of the same subject and currency is open already."""
    if work.count(Difference, entity_id=entity_id, subject=subject, currency=currency, state="open"):
        return
    work.add(
        Difference(
            entity_id=entity_id,
            id=work.new_ids(Difference)[0],
            subject=subject,
            minor_units=minor_units,
            currency=currency,
            reason=reason,
            owner="",
            state="open",
            resolution="",
            created_at=now,
            created_by=by,
            resolved_at=None,
            resolved_by="",
        )
    )
