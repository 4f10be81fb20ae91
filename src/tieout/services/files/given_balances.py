"""Reads the balances that a user gives: ACCOUNT=AMOUNT, checked against the accounts that the files know."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import TieoutError, UsageError
from tieout.kernel.money import minor_units_of
from tieout.kernel.names import did_you_mean, without_blanks
from tieout.proofs.bank_reconciliation import Account


def given_balances(option: str, texts: Sequence[str], known: Collection[Account]) -> dict[Account, int]:
    """The balances that `option` gives, in minor units.

    texts: `ACCOUNT=AMOUNT`, or `ACCOUNT=AMOUNT CURRENCY` where the account has lines in several currencies. Blanks in
    the name of an account do not matter.
    known: the accounts of the files, without blanks. Raises UsageError, which says what to write instead.
    """
    reader = _Reader(option, known)
    found: dict[Account, int] = {}
    for text in texts:
        account, minor_units = reader.read(text)
        if account in found:
            raise UsageError(f"{option} {text}: account {account[0]} is given twice; leave one out")
        found[account] = minor_units
    return found


class _Reader:
    def __init__(self, option: str, known: Collection[Account]) -> None:
        self._option = option
        self._currencies: defaultdict[str, list[str]] = defaultdict(list)
        for name, currency in sorted(known):
            self._currencies[name].append(currency)

    def read(self, text: str) -> tuple[Account, int]:
        """The account and its balance."""
        written, mark, amount = text.rpartition("=")
        if not mark:
            raise self._error(text, "write ACCOUNT=AMOUNT, for example NO9386011117947=1500.00")
        name = without_blanks(written)
        if name not in self._currencies:
            hint = did_you_mean(written, self._currencies) if self._currencies else "no file has an account"
            raise self._error(text, f"no file knows the account {written!r}; {hint}")
        number, _, currency = amount.strip().partition(" ")
        currency = self._currency(text, name, currency.strip())
        try:
            return (name, currency), minor_units_of(number, EXPONENTS.get(currency, 2))
        except TieoutError as error:
            raise self._error(text, str(error)) from None

    def _currency(self, text: str, name: str, written: str) -> str:
        currencies = self._currencies[name]
        if written:
            if written not in currencies:
                raise self._error(
                    text, f"account {name} has no lines in {written}; {did_you_mean(written, currencies)}"
                )
            return written
        if len(currencies) > 1:
            example = f"{name}=1500.00 {currencies[0]}"
            raise self._error(text, f"account {name} has lines in {' and '.join(currencies)}; say which: {example!r}")
        return currencies[0]

    def _error(self, text: str, what: str) -> UsageError:
        return UsageError(f"{self._option} {text}: {what}")
