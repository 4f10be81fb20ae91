"""Query parameters, whose names count in any case, and the pages that they ask for."""

from collections.abc import Sequence
from urllib.parse import urlencode

from tieout.contracts.http_asked import Asked
from tieout.contracts.http_faults import RequestFault, bad_parameter
from tieout.contracts.http_query import Pair, Query
from tieout.dialects.kashflow.days import day_read
from tieout.dialects.kashflow.shapes_paging import PageLinks
from tieout.kernel.dates import NotADay

# As the vendor pages where nobody says how.
PER_PAGE = 10
# A page of this size is some hundred kilobytes; a client that wants more turns the page.
PER_PAGE_MAX = 1_000
_PAGE_MAX = 10**9


class Parameters:
    """The parameters of one request. Every reader raises RequestFault (400) naming its parameter."""

    def __init__(self, asked: Asked, per_page: int = PER_PAGE) -> None:
        self._asked = asked
        self._query = Query(b"")
        self._query.pairs = tuple(Pair(name.lower(), value) for name, value in asked.query)
        self.page = self.whole("page", 1, 1, _PAGE_MAX)
        self.per_page = self.whole("perpage", per_page, 1, PER_PAGE_MAX)

    @property
    def offset(self) -> int:
        """How many rows stand before this page."""
        return (self.page - 1) * self.per_page

    def whole(self, name: str, absent: int, minimum: int, maximum: int) -> int:
        """A whole number; an empty parameter is absent."""
        return self._query.whole(name, absent, minimum, maximum) if self.text(name) else absent

    def text(self, name: str) -> str:
        """A text, empty where it is absent."""
        return self._query.text(name, "")

    def flag(self, name: str) -> bool | None:
        """Yes or no, None where it is absent."""
        text = self.text(name).lower()
        if text not in ("", "true", "false", "1", "0"):
            raise RequestFault(bad_parameter(name, "this must be true or false"))
        return text in ("true", "1") if text else None

    def day(self, name: str) -> int | None:
        """A day, None where it is absent."""
        text = self.text(name)
        try:
            return day_read(text) if text else None
        except NotADay:
            raise RequestFault(bad_parameter(name, "this must be a day like 2014-01-21", "bad_date")) from None

    def links(self, total: int, amount: int = 0, opening: int | None = None, closing: int | None = None) -> PageLinks:
        """Where the pages of so many rows are; amounts in ten-thousandths."""
        last = max(-(-total // self.per_page), 1)
        return PageLinks(
            first_page_url=self._address(1),
            last_page_url=self._address(last),
            next_page_url=self._address(self.page + 1) if self.page < last else None,
            previous_page_url=self._address(min(self.page - 1, last)) if self.page > 1 else None,
            total_records=total,
            total_amount=amount,
            opening_balance=opening,
            closing_balance=closing,
        )

    def _address(self, page: int) -> str:
        others: Sequence[tuple[str, str]] = [pair for pair in self._asked.query if pair.name.lower() != "page"]
        return f"{self._asked.address}?{urlencode([*others, ('page', str(page))])}"
