"""Pages of a list as the vendor links them."""

from dataclasses import dataclass

from tieout.dialects.kashflow.wire import Amount, Field, Shape, Truth, Whole, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLinks:
    """Where the pages of a list are, and how long it is. Addresses are None where there is no such page."""

    first_page_url: str
    last_page_url: str
    next_page_url: str | None = None
    previous_page_url: str | None = None
    total_records: int
    total_amount: int | None = None  # ten-thousandths, as every amount of the wire
    opening_balance: int | None = None
    closing_balance: int | None = None
    invoice_limit_reached: bool = False


PAGE_LINKS = Shape(
    "MetaData",
    PageLinks,
    (
        Field("OpeningBalance", "opening_balance", Amount(), left_out_when_none=True),
        Field("ClosingBalance", "closing_balance", Amount(), left_out_when_none=True),
        Field("FirstPageUrl", "first_page_url", Words()),
        Field("LastPageUrl", "last_page_url", Words()),
        Field("NextPageUrl", "next_page_url", Words()),
        Field("PreviousPageUrl", "previous_page_url", Words()),
        Field("TotalRecords", "total_records", Whole()),
        Field("TotalAmount", "total_amount", Amount()),
        Field("InvoiceLimitReached", "invoice_limit_reached", Truth()),
    ),
)
