"""The bank reconciliation: from the balance per bank to the balance per books, with every line between them."""

from collections.abc import Iterator

from tieout.contracts.result_selection import Selection, outstanding_lines
from tieout.contracts.result_words import count_of, figure, money, why_unproved
from tieout.domain.kinds import Side
from tieout.domain.results import BankReconciliation, Outstanding
from tieout.exporters.report_html.markup import (
    Heading,
    cell,
    figures,
    more,
    paragraph,
    row,
    row_head,
    section,
    table,
    text,
)

_HEADINGS = (
    Heading("Line"),
    Heading("Booked"),
    Heading("Age", of_figures=True),
    Heading("Amount", of_figures=True),
    Heading("Balance", of_figures=True),
)
_UNPROVED_HEADINGS = (
    Heading("Account"),
    Heading("Currency"),
    Heading("At"),
    Heading("Balance per bank", of_figures=True),
    Heading("In the books, not on the bank", of_figures=True),
    Heading("On the bank, not in the books", of_figures=True),
    Heading("Balance per books", of_figures=True),
    Heading("Why not"),
)
_UNPROVED = "Accounts that cannot be reconciled to the books"
_NONE = "No balance of the books was given, so there is nothing to reconcile the balance per bank to."


def reconciliations(selection: Selection) -> str:
    """One statement per account that can be reconciled, each with its verdict; the others in one table, with why."""
    accounts = selection.result.reconciliations
    parts = [_account(account, selection) for account in accounts if account.holds is not None]
    unproved = [account for account in accounts if account.holds is None]
    if unproved:
        parts.append(table(_UNPROVED, _UNPROVED_HEADINGS, [_unproved(account) for account in unproved]))
    if not parts:
        parts = [paragraph(_NONE)]
    return section("reconciliation", "Bank reconciliation", *parts)


def _unproved(account: BankReconciliation) -> str:
    return row(
        row_head(account.account or "no account named"),
        cell(account.currency),
        cell(account.as_of or "", "day"),
        figures(account.per_bank, account.currency),
        _counted(account.in_books_not_on_bank, account.currency),
        _counted(account.on_bank_not_in_books, account.currency),
        figures(account.per_books, account.currency),
        cell(f"Cannot be proved: {why_unproved(account.reason)}", "standing unproved"),
    )


def _counted(outstanding: Outstanding, currency: str) -> str:
    count = count_of(len(outstanding.lines), "line")
    return f'<td class="figure">{text(figure(outstanding.sum, currency))}<br><small>{text(count)}</small></td>'


def _account(account: BankReconciliation, selection: Selection) -> str:
    currency, in_books, on_bank = account.currency, account.in_books_not_on_bank, account.on_bank_not_in_books
    rows = [
        _balance("Balance per bank", account.per_bank, currency),
        _group("Add: in the books, not on the bank"),
        *_lines("ledger", in_books, currency, selection),
        _subtotal(in_books, in_books.sum, currency),
        _group("Less: on the bank, not in the books"),
        *_lines("statement", on_bank, currency, selection),
        _subtotal(on_bank, -on_bank.sum, currency),
        _balance("Balance per bank, adjusted", _adjusted(account), currency),
        _balance("Balance per books", account.per_books, currency),
        _balance("Difference", account.difference, currency, "difference"),
    ]
    at = f" at {account.as_of}" if account.as_of else ""
    caption = f"{account.account or 'Unnamed account'}, {currency}{at}"
    left_out = sum(max(0, len(lines.lines) - selection.limits.outstanding) for lines in (in_books, on_bank))
    rest = more(0, left_out, "outstanding lines in result.json")
    return table(caption, _HEADINGS, rows, "account") + rest + _verdict(account)


def _adjusted(account: BankReconciliation) -> int | None:
    if account.per_bank is None:
        return None
    return account.per_bank + account.in_books_not_on_bank.sum - account.on_bank_not_in_books.sum


def _balance(words: str, minor_units: int | None, currency: str, kind: str = "balance") -> str:
    known = minor_units is not None
    shown = figures(minor_units, currency) if known else cell("not known", "figure unknown")
    return row(f'<th scope="row" colspan="4">{text(words)}</th>', shown, kind=kind)


def _group(words: str) -> str:
    return row(f'<th scope="rowgroup" colspan="5">{text(words)}</th>', kind="group")


def _lines(side: Side, outstanding: Outstanding, currency: str, selection: Selection) -> Iterator[str]:
    for line, age_days, minor_units, facts in outstanding_lines(side, outstanding, selection):
        yield row(
            f'<th scope="row" class="line"><b>{text(line)}</b> {text(facts.said if facts else "")}</th>',
            cell(facts.booked if facts else "", "day"),
            cell(count_of(age_days, "day"), "figure"),
            figures(minor_units, currency),
            "<td></td>",
        )


def _subtotal(outstanding: Outstanding, minor_units: int, currency: str) -> str:
    words = count_of(len(outstanding.lines), "line") if outstanding.lines else "none"
    return row(f'<th scope="row" colspan="4">{text(words)}</th>', figures(minor_units, currency), kind="subtotal")


def _verdict(account: BankReconciliation) -> str:
    if account.holds:
        return paragraph("Reconciled: with these lines both balances agree exactly.", "standing holds")
    if account.difference is None:
        return paragraph("Not reconciled.", "standing fails")
    difference = money(account.difference, account.currency)
    return paragraph(f"Not reconciled: {difference} remain unexplained.", "standing fails")
