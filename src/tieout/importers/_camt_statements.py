"""From pages to statements: what belongs together, and what the statement says about itself."""

from collections.abc import Sequence

from tieout.contracts.building import StatementBuilder
from tieout.domain.statements import Statement
from tieout.importers._camt_balances import set_balances
from tieout.importers._camt_notes import At, Notes
from tieout.importers._camt_pages import Page
from tieout.importers._camt_totals import Turnover, disagreements
from tieout.proofs.roll_forward import roll_forward

# A page number beyond this is no page number, and nobody wants to read which pages are missing before it.
_PAGES_MAX = 10_000


class Statements:
    """The statements of one message: pages of one statement are united, whatever stands between them."""

    def __init__(self, notes: Notes, reversal_flips: bool) -> None:
        self._notes = notes
        self._reversal_flips = reversal_flips
        self._paged: list[list[Page]] = []
        self._latest: dict[tuple[object, ...], list[Page]] = {}

    def add(self, page: Page) -> None:
        """Take in one complete page, or a statement of one."""
        pages = self._latest.get(page.key())
        if pages is not None and page.id and _continues(pages, page):
            pages.append(page)
        else:
            self._latest[page.key()] = [page]
            self._paged.append(self._latest[page.key()])

    def finish(self) -> list[Statement]:
        """Every statement with its proof, in the order in which the first page of each stands in the file."""
        return [self._finished(sorted(pages, key=lambda page: page.page or 0)) for pages in self._paged]

    def _finished(self, pages: Sequence[Page]) -> Statement:
        first = pages[0]
        builder = first.builder()
        self._warn_of_missing(pages)
        self._check_totals(pages)
        for page in pages[1:]:
            builder.continue_with(page.builder())
        set_balances(builder, [balance for page in pages for balance in page.balances], self._notes)
        self._propose_other_sign(builder, first.at)
        return builder.finish()

    def _warn_of_missing(self, pages: Sequence[Page]) -> None:
        numbers = {page.page for page in pages if page.page is not None}
        missing = [
            str(number) for number in range(1, min(max(numbers, default=0), _PAGES_MAX)) if number not in numbers
        ]
        if missing:
            what = f"page {missing[0]} is" if len(missing) == 1 else f"pages {', '.join(missing[:9])} are"
            self._notes.warn("missing_page", f"{what} missing before page {max(numbers)}", pages[0].at)
        if pages[-1].is_last is False:
            what = f"page {pages[-1].page or 1} is not the last, but none follows"
            self._notes.warn("missing_page", what, pages[-1].at)

    def _check_totals(self, pages: Sequence[Page]) -> None:
        """Totals are those of their page or of the whole statement; banks do both."""
        booked = sum((page.booked for page in pages), Turnover())
        pending = sum((page.pending for page in pages), Turnover())
        for page in pages:
            for stated in page.totals:
                of_page = disagreements(stated, page.booked, page.pending, page.builder())
                if of_page and disagreements(stated, booked, pending, page.builder()):
                    self._notes.warn(
                        "control_total", "the statement's own totals disagree: " + "; ".join(of_page), stated.at
                    )

    def _propose_other_sign(self, builder: StatementBuilder, at: At) -> None:
        """Where the proof fails as read and holds with the sign of every reversal turned, say so."""
        proof = roll_forward(builder.opening, builder.tally.sum, builder.closing)
        turned = -2 * builder.reversal_sum
        if not proof.holds and turned and proof.gap == turned:
            how = "without the profile reversal_flips" if self._reversal_flips else "with the profile reversal_flips"
            what = f"the balances hold when the sign of every reversal entry is turned: read the file {how}"
            self._notes.warn("reversal_sign", what, at)


def _continues(pages: Sequence[Page], page: Page) -> bool:
    """Whether a page belongs to those before it with the same id.

    By its number; without numbers, where a closing balance is still owed and no opening balance is stated.
    """
    numbers = {each.page for each in pages}
    if page.page is not None and None not in numbers:
        return page.page not in numbers
    return not any(each.closes for each in pages) and not page.opens
