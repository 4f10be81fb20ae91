"""The answer of a check for people: per file what it is, its statements and payouts as tables, and what to look at."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tieout.contracts.checking import Checked, CheckedFile
from tieout.domain.settlement_reports import ReportedBatch
from tieout.domain.statements import Balance, BalanceProof, Statement, StatementKind
from tieout.kernel.errors import Finding, printable
from tieout.kernel.money import decimal_text

# A screen full; `--json` lists all of them.
FINDINGS_SHOWN_MAX = 20

_REASONS = {
    "no_balances": "it states no balances",
    "no_opening": "it states no opening balance",
    "no_closing": "it states no closing balance",
    "floor_limit": "it leaves out entries below its floor limit",
}
_IDENTITIES = {
    "balances": "proved",
    "running_balance": "proved by the balance on every row",
    "totals": "proved by its totals",
    "payout": "proved by its payout",
    "rows": "not paid out yet; every row adds up",
}
_HEADINGS = ("opening", "entries", "credits", "debits", "closing")
_BATCH_HEADINGS = ("entries", "gross", "fees", "net", "carried", "payout", "paid on")


def check_table(checked: Checked) -> RenderableType:
    """Every file that was read, in the order given, then one line about all of them where there are several."""
    parts: list[RenderableType] = [part for file in checked if not file.refused for part in _file(file)]
    if len(checked.files) > 1:
        parts.append(Text(_summary(checked)))
    return Group(*parts)


def _file(file: CheckedFile) -> Iterable[RenderableType]:
    reading = file.reading
    known = (reading.format, reading.version, reading.profile and f'profile "{reading.profile}"', reading.encoding)
    yield Text.assemble((printable(file.file), "bold"), ": ", ", ".join(word for word in known if word))
    if reading.statements:
        yield _statements(reading.statements)
    if reading.batches:
        yield _batches(reading.batches)
    yield from _findings("not counted", reading.quarantined, "red")
    yield from _findings("warnings", reading.warnings, "yellow")
    yield Text()


def _statements(statements: Sequence[Statement]) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="")
    table.add_column("account", overflow="fold")
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for statement in statements:
        tally, exponent = statement.tally, statement.exponent
        table.add_row(
            _name(statement),
            _balance(statement.opening, exponent),
            str(tally.entries),
            decimal_text(tally.credits, exponent),
            decimal_text(tally.debits, exponent),
            _balance(statement.closing, exponent),
            _verdict(statement),
        )
    return table


def _batches(batches: Sequence[ReportedBatch]) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="")
    table.add_column("payout batch", overflow="fold")
    for heading in _BATCH_HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for batch in batches:
        amounts = (batch.gross, batch.fees, batch.net, batch.carried, batch.payout)
        number = printable(f"no. {batch.number}" if batch.number else "without a number")
        table.add_row(
            Text(f"{printable(batch.statement.account_name)} {batch.currency or ''} {number}"),
            str(batch.entries),
            *("" if amount is None else decimal_text(amount, batch.exponent) for amount in amounts),
            "" if batch.payout_date is None else batch.payout_date.isoformat(),
            _proved(batch.proof, batch.exponent, batch.currency),
        )
    return table


def _name(statement: Statement) -> Text:
    words = [printable(statement.account or statement.channel or "no account named"), statement.currency or ""]
    words += [f"no. {printable(statement.number)}"] if statement.number else []
    words += [f"({statement.kind})"] if statement.kind is not StatementKind.BOOKED else []
    return Text(" ".join(word for word in words if word))


def _balance(balance: Balance | None, exponent: int) -> str:
    return "" if balance is None else decimal_text(balance.minor_units, exponent)


def _verdict(statement: Statement) -> Text:
    tally, verdict = statement.tally, _proved(statement.proof, statement.exponent, statement.currency)
    if tally.pending_entries:
        verdict.append(f"; {tally.pending_entries} pending, {decimal_text(tally.pending_sum, statement.exponent)}")
    return verdict


def _proved(proof: BalanceProof, exponent: int, currency: str | None) -> Text:
    if proof.holds:
        verdict = Text(_IDENTITIES.get(proof.identity or "", "proved"), style="green")
    elif proof.holds is None:
        reason = _REASONS.get(proof.reason or "", (proof.reason or "it says too little").replace("_", " "))
        verdict = Text(f"cannot be proved because {reason}", style="yellow")
    elif proof.gap:
        gap = f"{decimal_text(proof.gap, exponent)} {currency or ''}".rstrip()
        verdict = Text(f"off by {gap}", style="bold red")
    else:
        verdict = Text("off: the sums agree, the counts do not", style="bold red")
    return verdict


def _findings(heading: str, findings: Sequence[Finding], style: str) -> Iterable[RenderableType]:
    if not findings:
        return
    yield Text(f"{heading} ({len(findings)}):", style=style)
    for finding in findings[:FINDINGS_SHOWN_MAX]:
        yield _indented(str(finding))
    if len(findings) > FINDINGS_SHOWN_MAX:
        yield _indented(f"and {len(findings) - FINDINGS_SHOWN_MAX} more; --json lists them all")


def _indented(text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, 2), expand=False)


def _summary(checked: Checked) -> str:
    proofs = checked.proofs
    counts = (
        (len(checked.files), "files"),
        (len(checked.statements), "statements"),
        *([(batches, "payout batches")] if (batches := len(proofs) - len(checked.statements)) else []),
        (sum(proof.holds is True for proof in proofs), "proved"),
        (sum(proof.holds is False for proof in proofs), "off"),
        (sum(proof.holds is None for proof in proofs), "cannot be proved"),
        (sum(bool(file.refused) for file in checked), "refused"),
    )
    return ", ".join(f"{count} {what}" for count, what in counts)
