"""Makes the example files from their story: `python -m examples.make_company` from the root of the project.

The story is told in examples/making, a file per month or account; change it there and make the files again. The same
story gives the same bytes, and a test compares them with the files that are kept.
"""

from pathlib import Path

from examples.making import april, brazil, documents, euro, march, may, shop
from examples.making.books import book_entries, open_items
from examples.making.broken import broken
from examples.making.camt import camt
from examples.making.mt940 import mt940
from examples.making.ofx import ofx
from examples.making.reports import adyen, mercado_pago
from examples.making.statements import APRIL, MARCH, MAY, Period, statement_of
from examples.making.story import Story
from examples.making.who import BRL, EUR, NOK, TAX

FOLDER = Path(__file__).parent

# The bank's web page gives the last week again, and the download in Brazil reaches back into April.
LAST_WEEK = Period("2026-05-25", "2026-05-31")
MAY_AND_A_WEEK_BEFORE = Period("2026-04-24", "2026-05-31")


def told() -> Story:
    """The whole story."""
    story = Story()
    for part in (march, april, may, euro, brazil, documents):
        part.tell(story)
    return story


def files() -> dict[str, bytes]:
    """Every made file by its path under `examples`: the company's, and the damaged ones."""
    story = told()
    company = {
        **_bank(story),
        "books/open_items.csv": open_items(story.open_items),
        "books/book_entries.csv": book_entries(story.book_entries),
        **_shop(shop.told()),
    }
    damaged = broken(company)
    return {f"company/{path}": content for path, content in company.items()} | {
        f"broken/{path}": content for path, content in damaged.items()
    }


def _bank(story: Story) -> dict[str, bytes]:
    lines = story.bank_lines
    made: dict[str, bytes] = {}
    for number, (name, month) in enumerate((("2026-03", MARCH), ("2026-04", APRIL), ("2026-05", MAY)), 3):
        kroner = [statement_of(lines, account, month) for account in (NOK, TAX)]
        made[f"bank/kroner-{name}.xml"] = camt(kroner, f"HAVSKAR-{name}")
        made[f"bank/euro-{name}.sta"] = mt940(statement_of(lines, EUR, month), number)
        downloaded = MAY_AND_A_WEEK_BEFORE if month is MAY else month
        made[f"bank/reais-{name}.ofx"] = ofx(statement_of(lines, BRL, downloaded))
    made["bank/kroner-2026-03-again.xml"] = made["bank/kroner-2026-03.xml"]
    made["bank/kroner-2026-05-last-week.xml"] = camt([statement_of(lines, NOK, LAST_WEEK)], "HAVSKAR-2026-W22")
    return made


def _shop(story: Story) -> dict[str, bytes]:
    """The web shop: the reports of its providers, its bank accounts and its orders."""
    return {
        "providers/adyen-2026-05.csv": adyen(),
        "providers/mercadopago-2026-05.csv": mercado_pago(),
        "shop/euro-2026-05.sta": mt940(statement_of(story.bank_lines, shop.SHOP_EUR, MAY), 5),
        "shop/reais-2026-05.ofx": ofx(statement_of(story.bank_lines, shop.SHOP_BRL, MAY)),
        "shop/orders.csv": open_items(story.open_items),
    }


def main() -> None:
    """Write the files over those that are there."""
    for path, content in files().items():
        target = FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


if __name__ == "__main__":
    main()
