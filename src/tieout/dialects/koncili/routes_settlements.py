"""GET /externalapi/orderextract/...: what is not resolved, what is, and what there is of one order."""

from starlette.responses import Response

from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_faults import RequestFault, method_not_allowed
from tieout.dialects.koncili.answers import CHANNEL_MISSING, ORDER_MISSING, coded
from tieout.dialects.koncili.calling import Call, answer_of
from tieout.dialects.koncili.parameters import fetch_of, given
from tieout.dialects.koncili.records import write_elements, write_page, write_type
from tieout.services.settlements.delivery import EntryPage, of_order, resolved, unresolved

# Paths of two parts that are taken by other methods, so that they name no order.
_BATCHES = (("read", "batch"), ("resolve", "batch"))


def unresolveds(call: Call) -> Response:
    """A page of what the integration has not resolved, by id; of that only what it has not read, unless it wants all.

    The guide's loop says no parameter and ends when the count is 0: a client that marks as read what it got comes to
    that, since unread entries are the default.
    """
    fetch = fetch_of(call.asked)
    page = answer_of(unresolved(call.context, call.principal, call.integration, fetch))
    return _page(call, fetch.offset, page)


def concilieds(call: Call) -> Response:
    """A page of what the integration has resolved, by id."""
    fetch = fetch_of(call.asked, unread=False)
    page = answer_of(resolved(call.context, call.principal, call.integration, fetch))
    return _page(call, fetch.offset, page)


def of_one_order(call: Call) -> Response:
    """Everything of one order in a channel, of one type where the path ends in one."""
    names, query = call.asked.names, given(call.asked)
    order_code, channel = names["orderCode"], names["channelName"]
    if (order_code, channel) in _BATCHES:
        raise RequestFault(method_not_allowed(("PUT",)))
    plot_number = query.optional_whole("plotNumber")
    found = answer_of(of_order(call.context, call.principal, call.integration, order_code))
    if not found:
        return coded(ORDER_MISSING, "the order does not exist", "orderCode")
    in_channel = [each for each in found if each.entry.channel.casefold() == channel.casefold()]
    if not in_channel:
        return coded(CHANNEL_MISSING, "the order is of no such channel", "channelName")
    wanted = names.get("extractType")
    shown = [
        each
        for each in in_channel
        if (wanted is None or write_type(each.entry.entry_type, each.line.kind) == wanted.upper())
        and plot_number in (None, each.entry.plot_number)
    ]
    return json_answer(write_elements(call.tenant, shown))


def _page(call: Call, offset: int, page: EntryPage) -> Response:
    return json_answer(write_page(call.tenant, offset, page.total, page.entries))
