"""Which jobs people may schedule by themselves, and what such a job is asked for.

Feeds and connections make schedules of their own kinds; a person changes when those run, not what they do.
"""

from collections.abc import Callable, Mapping

from tieout.domain.people import Principal
from tieout.kernel.errors import Refusal
from tieout.services.matching_jobs import KIND as MATCHING
from tieout.services.matching_jobs import matching_request

Checked = dict[str, object] | tuple[Refusal, ...]


def _matching(principal: Principal, given: Mapping[str, object]) -> Checked:
    """Propose matches as whoever schedules it: in the accounts `account_ids`, in all where none are named."""
    if unknown := sorted(set(given) - {"account_ids"}):
        return tuple(Refusal("not_allowed", f"request.{name}") for name in unknown)
    account_ids = given.get("account_ids")
    if account_ids is None:
        return matching_request(principal, None)
    if isinstance(account_ids, list | tuple) and all(type(each) is int for each in account_ids):
        return matching_request(principal, [int(each) for each in account_ids])
    return (Refusal("not_allowed", "request.account_ids"),)


SCHEDULED: Mapping[str, Callable[[Principal, Mapping[str, object]], Checked]] = {MATCHING: _matching}
