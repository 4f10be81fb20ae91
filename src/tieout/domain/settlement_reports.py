"""What a provider's report says of one payout, beside its movements."""

from dataclasses import dataclass
from datetime import date

from tieout.domain.statements import BalanceProof, Statement


@dataclass(frozen=True, slots=True)
class ReportedBatch:
    """One payout of a report and its currency, or with `number` None its rows that are not paid out yet.

    Amounts are signed minor units of `exponent` decimals in the payout's currency; gross + fees = net where every row
    says so, and net + carried = payout where the batch ties out.
    """

    number: str | None
    currency: str | None
    exponent: int
    entries: int  # rows that are no payout and carry no balance
    gross: int
    fees: int
    net: int | None
    carried: int  # in positive, out negative
    payout: int | None  # positive; None where the file does not say
    payout_date: date | None
    paid: int | None  # titles that brought money, in a CNAB return
    proof: BalanceProof
    statement: Statement  # the same as movements of the provider's clearing account, payout and carried rows included
