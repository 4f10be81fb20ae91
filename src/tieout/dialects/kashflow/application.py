"""The application that answers below /v2."""

from collections.abc import Callable
from functools import cache, partial

from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_application import Route, vendor_application
from tieout.contracts.http_asked import Asked
from tieout.dialects.kashflow import routes_accounts as accounts
from tieout.dialects.kashflow import routes_reconciliations as reconciliations
from tieout.dialects.kashflow import routes_sessions as sessions
from tieout.dialects.kashflow import routes_transactions as transactions
from tieout.dialects.kashflow.answers import spell
from tieout.dialects.kashflow.described import DOCUMENT, described, document_of
from tieout.dialects.kashflow.operations import LITERALS
from tieout.dialects.kashflow.routes_transaction_list import delete_transactions
from tieout.dialects.kashflow.serving import admitted, open_to_all, signed_in
from tieout.services.context import Context

_TITLE = "KashFlow REST API v2, as tieout speaks it"

# Nobody is signed in yet who asks here.
_SIGNING_IN = "/v2/sessiontoken"

Answering = Callable[[Asked], Response]


def application(context: Context) -> FastAPI:
    """The application, in the vendor's own words throughout."""
    answers = _answers(context)
    routes = [
        Route(
            method,
            path,
            answer,
            bodies="refused" if method == "GET" else "read",
            described=described(method, path),
            admit=None if path == _SIGNING_IN else admitted,
        )
        for (method, path), answer in answers.items()
    ]
    document = cache(lambda: document_of(vendor_application(_TITLE, "2", routes, spell)))
    swagger = Route("GET", DOCUMENT, lambda _: json_answer(document()), described={"summary": "this document"})
    served = vendor_application(_TITLE, "2", [*routes, swagger], spell)
    served.add_middleware(AnySpelling)
    return served


def _answers(context: Context) -> dict[tuple[str, str], Answering]:
    """What answers each operation that is served; `metadata` and `list` stand before the ids beside them."""
    anybody, somebody = partial(open_to_all, context), partial(signed_in, context)
    full_access = partial(signed_in, context, full_access=True)
    account = "/v2/bankaccounts/{account_id}"
    periods = f"{account}/reconciliations"
    return {
        ("POST", _SIGNING_IN): anybody(sessions.sign_in),
        ("PUT", _SIGNING_IN): anybody(sessions.remember),
        ("GET", _SIGNING_IN): anybody(sessions.swap),
        ("GET", "/v2/sessiontoken/{company_id}"): somebody(sessions.enter_company),
        ("DELETE", "/v2/sessiontoken/{session_token}"): somebody(sessions.sign_out),
        ("GET", "/v2/bankaccounts"): somebody(accounts.list_accounts),
        ("GET", "/v2/bankaccounts/list"): somebody(accounts.page_accounts),
        ("POST", "/v2/bankaccounts"): somebody(accounts.create_account),
        ("GET", account): somebody(accounts.show_account),
        ("PUT", account): somebody(accounts.edit_account),
        ("DELETE", account): somebody(accounts.delete_account),
        ("GET", f"{account}/transactions"): somebody(transactions.list_transactions),
        ("POST", f"{account}/transactions"): somebody(transactions.create_transaction),
        ("GET", f"{account}/transactions/{{transaction_id}}"): somebody(transactions.show_transaction),
        ("PUT", f"{account}/transactions/{{transaction_id}}"): somebody(transactions.edit_transaction),
        ("DELETE", f"{account}/transactions/{{transaction_id}}"): somebody(transactions.delete_transaction),
        ("DELETE", f"{account}/transactionlist"): somebody(delete_transactions),
        ("GET", periods): full_access(reconciliations.list_reconciliations),
        ("POST", periods): full_access(reconciliations.create_reconciliation),
        ("GET", f"{periods}/metadata"): full_access(reconciliations.show_next),
        ("GET", f"{periods}/{{reconciliation_id}}"): full_access(reconciliations.show_reconciliation),
        ("PUT", f"{periods}/{{reconciliation_id}}"): full_access(reconciliations.update_reconciliation),
        ("DELETE", f"{periods}/{{reconciliation_id}}"): full_access(reconciliations.remove_reconciliation),
        ("PUT", f"{periods}/{{reconciliation_id}}/transactions"): full_access(reconciliations.tick_transactions),
    }


class AnySpelling:
    """Lets the literal parts of a path be written in any case, and a slash stand behind it, as .NET does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request with those parts in lower case and without that slash."""
        if scope["type"] == "http":
            parts = scope["path"].removesuffix("/").split("/")
            parts = [part.lower() if part.lower() in LITERALS else part for part in parts]
            scope = {**scope, "path": "/".join(parts)}
        await self.app(scope, receive, send)
