"""What the providers of the simulation have to tell: payouts that grow row by row, by reports or as a feed."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.given_reports import Settled, settlement_detail
from tests.simulation.settlement_invariants import effect_of, minor
from tieout.domain.entry_facts import EntryFacts
from tieout.services.settlements.receiving import ReceivedEntry

MERCHANT = "LOJA"


@dataclass
class Reports:
    """A provider that writes reports of its payouts, and which rows reports that were taken in have told."""

    rows: dict[str, list[Settled]] = field(default_factory=dict)
    received: dict[str, dict[str, Settled]] = field(default_factory=dict)
    made: int = 0

    def happened(self, batch: str, kind: str, amount: int, day: int, *, commission: bool) -> None:
        """One more row of a payout; a payout itself is of what there is, and as much off as `amount` says.

        Where nothing is left to pay nothing happens.
        """
        rows = self.rows.setdefault(batch, [])
        if kind == "MerchantPayout":
            amount -= sum(minor(row.gross) - minor(row.commission) for row in rows)
            if amount >= 0:
                return
        self.made += 1
        fee = "0.01" if commission and kind != "MerchantPayout" else "0.00"
        rows.append(Settled(kind, text(amount), f"O{self.made % 5}", fee, day, f"P{self.made}", batch))

    def report(self, first: int, *, whole: bool) -> tuple[bytes, list[Settled]]:
        """A report of the payouts there are, or of the last; of each the rows from `first` on, and these rows."""
        batches = list(self.rows.values())
        rows = [row for batch in (batches if whole else batches[-1:]) for row in batch[first:]]
        content = settlement_detail(rows, MERCHANT)
        return content.replace(b"BRL", b"NOK").replace(b"2026-05-", b"2026-01-"), rows

    def taken(self, rows: list[Settled]) -> None:
        """A report of these rows was taken in."""
        for row in rows:
            self.received.setdefault(row.batch, {})[row.psp] = row


@dataclass
class Feed:
    """A provider that is asked again and again, writes its signs in one way or the other, and pays late."""

    told: dict[str, ReceivedEntry] = field(default_factory=dict)
    batches: dict[str, list[str]] = field(default_factory=dict)

    def entry(self, batch: str, kind: str, amount: int, day: int, *, signed: bool, waits: bool) -> ReceivedEntry:
        """One more entry of a payout; its value has the sign of its effect, or none, or is still waited for."""
        native_id = f"e{len(self.told)}"
        size = amount if amount >= 0 else -amount
        value = effect_of("by_type", kind, text(size))
        received = "" if waits else text(value if signed else size)
        facts = EntryFacts(entry_type=kind.upper(), received=received, order_code=f"O{len(self.told) % 5}")
        made = ReceivedEntry(native_id=native_id, kind=kind, day=day, facts=facts)
        self.batches.setdefault(batch, []).append(native_id)
        return self.tell(made)

    def tell(self, entry: ReceivedEntry) -> ReceivedEntry:
        """An entry as it is told from now on."""
        self.told[entry.native_id] = entry
        return entry

    def of(self, batch: str) -> list[ReceivedEntry]:
        """The entries of a payout."""
        return [self.told[native_id] for native_id in self.batches.get(batch, ())]

    def payout(self, batch: str) -> int:
        """What is paid for the entries of a payout."""
        return sum(effect_of("by_type", each.kind, each.facts.received) for each in self.of(batch))


def text(minor_units: int) -> str:
    """An amount with two decimals."""
    sign, size = ("-", -minor_units) if minor_units < 0 else ("", minor_units)
    return f"{sign}{size // 100}.{size % 100:02d}"


def date_text(day: int) -> str:
    """A day as 2026-01-05."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()
