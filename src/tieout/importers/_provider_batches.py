"""Payouts of a report: the rows of each add up to what was sent to the bank, or carried to another batch."""

from datetime import date

from tieout.contracts.building import StatementBuilder
from tieout.domain.settlement_reports import ReportedBatch
from tieout.domain.statements import BalanceProof, StatementEntry
from tieout.importers._provider_profile import Meaning, Role
from tieout.importers._provider_reading import ReportRows
from tieout.importers._provider_rows import Amounts
from tieout.importers._provider_table import Row
from tieout.kernel.currencies import EXPONENTS


def read_batches(report: ReportRows) -> list[ReportedBatch]:
    """One batch per clearing account, batch number and currency, as they first appear."""
    columns = report.profile.columns
    batches: dict[tuple[str, str, str], BatchBuilder] = {}
    for row in report.table.rows():
        currency = row.first(columns.currency)
        if currency not in EXPONENTS:
            what = (
                f"{currency!r} is not an ISO 4217 currency with a minor unit"
                if currency
                else "the row names no currency"
            )
            report.table.quarantine("unknown_currency", what, row, columns.currency[0])
            continue
        key = row.cell(columns.account), row.cell(columns.batch), currency
        if key not in batches:
            batches[key] = BatchBuilder(report.profile.channel, *key, report.keep_entries)
        _take(report, row, batches[key])
    return [batch.finish() for batch in batches.values()]


def _take(report: ReportRows, row: Row, batch: "BatchBuilder") -> None:
    amounts = report.amounts(row, batch.statement.minor_units)
    if amounts is not None:
        meaning = report.meaning(row)
        batch.add(meaning, amounts, report.day(row), report.entries(row, meaning, amounts))


class BatchBuilder:
    """One payout of one clearing account while its report is read."""

    def __init__(self, channel: str, account: str, number: str, currency: str, keep_entries: bool) -> None:
        self.statement = StatementBuilder(currency, keep_entries)
        self.statement.account = "-".join("".join(word.split()) for word in (channel, account) if word)
        self.statement.channel = channel
        self.statement.number = number or None
        self._number = number or None
        self._currency = currency
        self._entries = self._gross = self._fees = self._net = self._carried = self._fault = 0
        self._payout: int | None = None
        self._payout_date: date | None = None
        self._has_carried = False

    def add(self, meaning: Meaning, amounts: Amounts, booking_date: date | None, entries: list[StatementEntry]) -> None:
        """Take one row in."""
        self.statement.add_row(amounts.net, entries)
        if meaning.role is Role.PAYOUT:
            self._payout = (self._payout or 0) - amounts.net
            self._payout_date = booking_date
        elif meaning.role is Role.CARRY:
            self._carried += amounts.net
            self._has_carried = True
        else:
            self._count(meaning, amounts)

    def _count(self, meaning: Meaning, amounts: Amounts) -> None:
        is_fee = meaning.debit == "fee"
        self._entries += 1
        self._net += amounts.net
        self._fees += amounts.fees + (amounts.gross if is_fee else 0)
        self._gross += 0 if is_fee else amounts.gross
        self._fault += amounts.fault

    def finish(self) -> ReportedBatch:
        """The batch with its proof, which its statement shares."""
        proof = self._proof()
        statement = self.statement.finish(lambda _: proof)
        return ReportedBatch(
            number=self._number,
            currency=self._currency,
            exponent=statement.exponent,
            entries=self._entries,
            gross=self._gross,
            fees=self._fees,
            net=self._net,
            carried=self._carried,
            payout=self._payout,
            payout_date=self._payout_date,
            paid=None,
            proof=proof,
            statement=statement,
        )

    def _proof(self) -> BalanceProof:
        """net + carried = payout, or 0 where everything was carried on; without either, every row's own sum."""
        if self._payout is None and not self._has_carried:
            return BalanceProof(holds=self._fault == 0, gap=self._fault, identity="rows", reason=None)
        gap = (self._payout or 0) - self._net - self._carried
        return BalanceProof(holds=gap == 0, gap=gap, identity="payout", reason=None)
