"""Builds a statement entry by entry: what every bank file importer does the same way."""

from collections.abc import Callable, Sequence

from tieout.domain.statements import Balance, BalanceProof, Statement, StatementEntry, StatementKind, Tally
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.money import minor_units_of
from tieout.proofs.roll_forward import roll_forward

# Amounts in a currency without decimals of its own are read with six, the most the grammar of amounts allows, and
# brought down to what the file writes when the statement is complete.
_OPEN_EXPONENT = 6
_DECIMALS_MIN = 2


class StatementBuilder:
    """One statement while its file is read.

    Amounts come in as plain decimal text (`-1234.50`); an importer first turns its format's spelling into that.
    """

    def __init__(self, currency: str | None, keep_entries: bool) -> None:
        self.currency = currency
        self.account: str | None = None
        self.channel = ""
        self.number: str | None = None
        self.kind = StatementKind.BOOKED
        self.pages = 1
        self.opening: Balance | None = None
        self.closing: Balance | None = None
        self.tally = Tally()
        self.reversal_sum = 0  # of booked entries with a reversal mark, to try the other reading of their sign
        self._entries: list[StatementEntry] = []
        self._keep_entries = keep_entries
        self._fixed = EXPONENTS.get(currency or "")
        self._decimals_written = _DECIMALS_MIN

    @property
    def exponent(self) -> int:
        """Decimals of the minor units that `minor_units` returns now."""
        return _OPEN_EXPONENT if self._fixed is None else self._fixed

    def minor_units(self, text: str) -> int:
        """Minor units of a decimal text. Raises NotAnAmount, TooManyDecimals, AmountOutOfRange."""
        minor_units = minor_units_of(text, self.exponent)
        if self._fixed is None:
            self._decimals_written = max(self._decimals_written, len(text.partition(".")[2]))
        return minor_units

    def add(self, entry: StatementEntry) -> None:
        """Take one entry in, its amount as `minor_units` gave it."""
        self.tally.count(entry.minor_units, entry.booked)
        if entry.reversal and entry.booked:
            self.reversal_sum += entry.minor_units
        if self._keep_entries:
            self._entries.append(entry)

    def add_row(self, minor_units: int, parts: Sequence[StatementEntry]) -> None:
        """Take in one row that tells several booked movements: it counts once, with the sum of them."""
        self.tally.count(minor_units, booked=True)
        if self._keep_entries:
            self._entries += parts

    def continue_with(self, page: "StatementBuilder") -> None:
        """Append the next page of the same statement; its closing balance becomes this one's."""
        self.pages += page.pages
        self.closing = page.closing
        self.reversal_sum += page.reversal_sum
        for name in ("entries", "credits", "debits", "pending_entries", "pending_sum"):
            setattr(self.tally, name, getattr(self.tally, name) + getattr(page.tally, name))
        self._entries += page._entries
        self._decimals_written = max(self._decimals_written, page._decimals_written)

    def finish(self, prove: Callable[["StatementBuilder"], BalanceProof] | None = None) -> Statement:
        """The finished statement with its proof: opening plus entries gives closing, unless `prove` is given."""
        exponent, rescale = self._final_scale()
        self._rescale(rescale)
        proof = prove(self) if prove else roll_forward(self.opening, self.tally.sum, self.closing)
        return Statement(
            account=self.account,
            currency=self.currency,
            exponent=exponent,
            number=self.number,
            kind=self.kind,
            proof=proof,
            opening=self.opening,
            closing=self.closing,
            pages=self.pages,
            tally=self.tally,
            entries=self._entries,
            channel=self.channel,
        )

    def _final_scale(self) -> tuple[int, int]:
        if self._fixed is not None:
            return self._fixed, 1
        return self._decimals_written, int(10 ** (_OPEN_EXPONENT - self._decimals_written))

    def _rescale(self, divisor: int) -> None:
        if divisor == 1:
            return
        tally = self.tally
        tally.credits, tally.debits = _exactly(tally.credits, divisor), _exactly(tally.debits, divisor)
        tally.pending_sum = _exactly(tally.pending_sum, divisor)
        self.reversal_sum = _exactly(self.reversal_sum, divisor)
        self.opening, self.closing = _scaled(self.opening, divisor), _scaled(self.closing, divisor)
        self._entries = [entry._replace(minor_units=_exactly(entry.minor_units, divisor)) for entry in self._entries]


def _scaled(balance: Balance | None, divisor: int) -> Balance | None:
    return None if balance is None else balance._replace(minor_units=_exactly(balance.minor_units, divisor))


def _exactly(minor_units: int, divisor: int) -> int:
    quotient, rest = divmod(minor_units, divisor)
    assert rest == 0, "the divisor comes from the decimals that were written"
    return quotient
