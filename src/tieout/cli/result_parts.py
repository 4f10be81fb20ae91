"""The tables of a reconciliation on the terminal, one function per table; each yields nothing where it has no rows."""

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tieout.contracts.result_selection import Selection, answers_of, outstanding_lines
from tieout.contracts.result_words import count_of, figure, money, phrase, why_unproved
from tieout.domain.kinds import Side
from tieout.domain.matches import Match
from tieout.domain.results import AccountProof, Ambiguity, BankReconciliation, OpenLine, Outstanding, Result
from tieout.kernel.errors import printable

STYLES = {"holds": "green", "fails": "bold red", "unproved": "yellow"}
_SOFT = "dim"


class Rest:
    """Says where the rows are that a table leaves out."""

    def __init__(self, folder: str | None) -> None:
        self._written = folder is not None

    def after(self, shown: int, whole: int, file: str) -> Iterator[RenderableType]:
        """`and 120 more in open.csv`; nothing where all are shown."""
        if whole > shown:
            where = f"in {file}" if self._written else "; --out DIR writes them all"
            yield Text(f"  and {whole - shown:,} more {where}".replace(" ;", ";"), style=_SOFT)


def heading(words: str) -> Text:
    """The heading of a part, after an empty line."""
    return Text(f"\n{words}", style="bold")


def bank_reconciliation(account: BankReconciliation, selection: Selection, rest: Rest) -> Iterator[RenderableType]:
    """From the balance per bank to the balance per books, with every line between them."""
    currency, in_books, on_bank = account.currency, account.in_books_not_on_bank, account.on_bank_not_in_books
    at = f" at {account.as_of}" if account.as_of else ""
    yield heading(f"Bank reconciliation of {printable(account.account or 'an unnamed account')}, {currency}{at}")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_row("Balance per bank", "", _balance(account.per_bank, currency))
    _add_outstanding(table, "add: in the books, not on the bank", "ledger", in_books, 1, account, selection, rest)
    _add_outstanding(table, "less: on the bank, not in the books", "statement", on_bank, -1, account, selection, rest)
    table.add_row("Balance per books", "", _balance(account.per_books, currency))
    table.add_row(Text("Difference", style="bold"), "", _balance(account.difference, currency))
    yield table
    yield _standing_of(account)


def _balance(minor_units: int | None, currency: str) -> Text:
    return Text("not known", style=_SOFT) if minor_units is None else Text(figure(minor_units, currency))


def _add_outstanding(
    table: Table,
    words: str,
    side: Side,
    outstanding: Outstanding,
    sign: int,
    account: BankReconciliation,
    selection: Selection,
    rest: Rest,
) -> None:
    table.add_row(
        f"{words}: {count_of(len(outstanding.lines), 'line')}", "", figure(sign * outstanding.sum, account.currency)
    )
    for line, age_days, minor_units, facts in outstanding_lines(side, outstanding, selection):
        amount = "" if minor_units is None else figure(minor_units, account.currency)
        said = f", {facts.said}" if facts and facts.said else ""
        name = Text.assemble(printable(line), (printable(f" {count_of(age_days, 'day')}{said}"), _SOFT))
        table.add_row(Padding(name, (0, 0, 0, 2)), amount, "")
    for left_out in rest.after(selection.limits.outstanding, len(outstanding.lines), "result.json"):
        table.add_row(left_out, "", "")


def _standing_of(account: BankReconciliation) -> Text:
    if account.holds:
        return Text("  reconciled: with these lines both balances agree exactly", style=STYLES["holds"])
    if account.difference is None:
        return Text("  not reconciled", style=STYLES["fails"])
    difference = money(account.difference, account.currency)
    return Text(f"  not reconciled: {difference} remain unexplained", style=STYLES["fails"])


def unreconciled_table(accounts: Sequence[BankReconciliation], rest: Rest, rows_max: int) -> Iterator[RenderableType]:
    """Accounts that cannot be reconciled to the books: what is known of them, and why it is not enough."""
    if not accounts:
        return
    yield heading("Accounts that cannot be reconciled to the books")
    table = _table(("account", False), ("per bank", True), ("books only", True), ("bank only", True), ("why", False))
    for account in accounts[:rows_max]:
        outstanding = (account.in_books_not_on_bank.sum, account.on_bank_not_in_books.sum)
        table.add_row(
            f"{printable(account.account or 'no account named')} {account.currency}",
            _balance(account.per_bank, account.currency),
            *(figure(minor_units, account.currency) for minor_units in outstanding),
            Text(why_unproved(account.reason), style=STYLES["unproved"]),
        )
    yield table
    yield from rest.after(rows_max, len(accounts), "result.json")


def proof_table(result: Result, rest: Rest, rows_max: int) -> Iterator[RenderableType]:
    """Opening plus movements gives closing, per statement; failed proofs first."""
    if not result.proofs:
        return
    yield heading("Balance proofs")
    table = _table(("account", False), ("opening", True), ("movements", True), ("closing", True), ("", False))
    ordered = sorted(result.proofs, key=lambda proof: (proof.holds is not False, proof.holds is not None))
    for proof in ordered[:rows_max]:
        amounts = (_proved(minor_units, proof) for minor_units in (proof.opening, proof.movements, proof.closing))
        table.add_row(
            f"{printable(proof.account or 'no account named')} {proof.currency}", *amounts, _proof_verdict(proof)
        )
    yield table
    yield from rest.after(rows_max, len(ordered), "result.json")


def _proved(minor_units: int | None, proof: AccountProof) -> str:
    return "" if minor_units is None else figure(minor_units, proof.currency, proof.exponent)


def _proof_verdict(proof: AccountProof) -> Text:
    if proof.holds:
        return Text("proved", style=STYLES["holds"])
    if proof.holds is None:
        return Text(f"cannot be proved: {why_unproved(proof.reason)}", style=STYLES["unproved"])
    return Text(f"off by {_proved(proof.gap, proof)}" if proof.gap else "off: the counts differ", style=STYLES["fails"])


def matcher_table(selection: Selection) -> Iterator[RenderableType]:
    """What tied out: counts and sums by matcher, with the reasons of one match as an example."""
    totals = selection.totals
    if not totals.by_matcher:
        return
    yield heading("What tied out")
    table = _table(
        ("matched by", False),
        ("matches", True),
        ("money in", True),
        ("money out", True),
        ("", False),
        ("for example", False),
    )
    for matcher, total in totals.by_matcher.items():
        name, count, example = phrase(matcher), f"{total.matches:,}", _example(matcher, selection)
        moved = {currency: turnover for currency, turnover in total.turnover.items() if turnover.moved}
        for currency, turnover in sorted((moved or total.turnover).items()):
            sums = (figure(minor_units, currency) for minor_units in (turnover.money_in, turnover.money_out))
            table.add_row(name, count, *sums, currency, Text(example, style=_SOFT))
            name, count, example = "", "", ""
    yield table


def _example(matcher: str, selection: Selection) -> str:
    found = (match for match in selection.totals.confirmed if match.matcher == matcher)
    match = next(found, None)
    return "" if match is None else printable("; ".join(match.reasons))


def proposal_table(selection: Selection, rest: Rest) -> Iterator[RenderableType]:
    """Matches that nobody has confirmed yet, with what is left over and why they are only proposed."""
    totals = selection.totals
    if not totals.proposed:
        return
    yield heading("Proposed, not tied until somebody confirms them")
    table = _table(("no.", True), ("statement", False), ("ledger", False), ("left over", True), ("why", False))
    for match in totals.proposed:
        table.add_row(
            str(match.id), *_ids(match), _left_over(match), Text(printable("; ".join(match.reasons)), style=_SOFT)
        )
    yield table
    yield from rest.after(len(totals.proposed), totals.proposed_count, "matches.csv")


def _ids(match: Match) -> tuple[str, str]:
    return _listed(match.lines("statement")), _listed(match.lines("ledger"))


def _listed(lines: Sequence[str]) -> str:
    return printable(", ".join(lines))


def _left_over(match: Match) -> str:
    return "\n".join(money(residual.minor_units, residual.currency) for residual in match.residuals())


def ambiguity_table(selection: Selection, rest: Rest) -> Iterator[RenderableType]:
    """Lines with more than one answer, and the column that would tell the answers apart."""
    ambiguous = selection.result.ambiguous
    if not ambiguous:
        return
    yield heading("More than one answer, so none was chosen")
    table = _table(("lines", False), ("possible answers", False), ("would decide", False))
    for ambiguity in ambiguous[: selection.limits.ambiguous]:
        fixed = [*ambiguity.statement, *ambiguity.ledger]
        table.add_row(_listed(fixed) or "both sides", _answers(ambiguity, selection), phrase(ambiguity.would_decide))
    yield table
    yield from rest.after(selection.limits.ambiguous, len(ambiguous), "result.json")


def _answers(ambiguity: Ambiguity, selection: Selection) -> str:
    answers = [_listed([line for _, line in answer]) for answer in answers_of(ambiguity, selection)]
    return "\n".join([*answers, *(["and there may be more"] if ambiguity.more else [])])


def open_table(side: Side, selection: Selection, rest: Rest) -> Iterator[RenderableType]:
    """What is open of one side, the nearest candidate of each line, and why it was not chosen."""
    parts = selection.open_lines[side]
    if not parts:
        return
    yield heading(f"Open {side} lines")
    table = _table(
        ("line", False), ("age", True), ("open", True), ("", False), ("party", False), ("nearest, and why not", False)
    )
    for part in parts:
        table.add_row(*_open_cells(part, selection))
    yield table
    yield from rest.after(len(parts), selection.open_counts[side], "open.csv")


def _open_cells(part: OpenLine, selection: Selection) -> Iterator[str | Text]:
    facts = selection.facts.get((part.side, part.line))
    yield printable(part.line)
    yield "" if part.age_days is None else f"{part.age_days:,}"
    yield figure(part.remaining, part.currency)
    yield part.currency
    yield printable(facts.said if facts else "")
    yield Text(printable(": ".join(words for words in (part.nearest, part.why_not) if words)), style=_SOFT)


def _table(*columns: tuple[str, bool]) -> Table:
    """A table with these headings; True where a column holds figures."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="")
    for words, of_figures in columns:
        if of_figures:
            table.add_column(words, justify="right", no_wrap=True)
        else:
            table.add_column(words, overflow="fold")
    return table
