"""An accounting platform on paper: what it has stands here, and nothing leaves the process."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tieout.contracts.platform import (
    Business,
    PlatformFault,
    PlatformSession,
    Pulled,
    PulledPage,
    Pushed,
    SettingField,
    SpanSum,
)

# What a connection is told so that its system answers with this fault.
BROKEN = "broken"

_LINE = {
    "description": "Paper, A4",
    "quantity": "3",
    "price": "33.33",
    "amount": "99.99",
    "tax_amount": "24.89",
    "tax_rate": "MVA25",
    "account": "3000",
}


@dataclass(frozen=True)
class PaperSession:
    """The books of one name; every id begins with it."""

    name: str

    def business(self) -> Business:
        """A firm that keeps its books in Norwegian kroner."""
        if self.name == BROKEN:
            raise PlatformFault("unavailable", "the paper is wet")
        return Business("Nordic AS", legal_name="Nordic Supplies AS", base_currency="NOK", email="books@nordic.example")

    def pull(self, object_type: str, cursor: str, limit: int) -> PulledPage:
        """Everything, in pages of the size that is asked for."""
        if self.name == BROKEN:
            raise PlatformFault("unavailable", "the paper is wet")
        begin = int(cursor or 0)
        found = self.objects().get(object_type, ())[begin : begin + limit]
        return PulledPage(found, str(begin + len(found)), begin + len(found) < len(self.objects()[object_type]))

    def objects(self) -> Mapping[str, Sequence[Pulled]]:
        """By object type what there is: twelve bills, and two invoices of which one is paid."""
        return {
            "bill": [self._document("bill", number, "open") for number in range(1, 13)],
            "receivable": [self._document("receivable", 1, "open"), self._document("receivable", 2, "paid")],
        }

    def _document(self, object_type: str, number: int, status: str) -> Pulled:
        content: dict[str, Any] = {
            "number": f"F-{number:03}",
            "counterparty": f"{self.name}-Paper",
            "counterparty_name": "Paper Mill AS",
            "currency": "NOK",
            "issue_date": "2026-01-05",
            "instalments": [
                {"due_date": "2026-02-04", "amount": "100.00"},
                {"due_date": "2026-03-04", "amount": "24.88"},
            ],
            "total": "124.88",
            "tax": "24.89",
            "status": status,
            "lines": [_LINE],
        }
        return Pulled(object_type, f"{self.name}-{object_type}-{number}", content)

    def spans(self, object_type: str) -> Mapping[str, SpanSum]:
        """Nothing is ever edited."""
        return {}

    def ids(self, object_type: str, span: str) -> Sequence[str]:
        """Nothing is ever edited."""
        return ()

    def push(self, object_type: str, key: str, body: Mapping[str, Any]) -> Pushed:
        """Nobody writes on this paper."""
        raise PlatformFault("refused", "the paper is full")

    def find(self, object_type: str, key: str) -> Pushed | None:
        """Nothing was ever written."""
        return None


class PaperBooks:
    """The platform `paper`."""

    TITLE = "Books on paper"
    FIELDS: Sequence[SettingField] = (
        SettingField("name", "whose books they are"),
        SettingField("colour", "of the ink", default="blue <ink>"),
        SettingField("password", "of the drawer", secret=True, default=""),
    )
    PULLS: Sequence[str] = ("bill", "receivable")
    PUSHES: Sequence[str] = ("receivable",)

    @contextmanager
    def opened(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Iterator[PlatformSession]:
        """The books that the settings name."""
        yield PaperSession(settings["name"])
