"""The example company's web shop on the server: reports, orders and bank files become batches that close."""

from pathlib import Path

import pytest

from tests.given_documents import done
from tests.given_store import Clock, given_office
from tieout.domain.books import Difference
from tieout.domain.kinds import Side
from tieout.services.context import Context
from tieout.services.intake import receive_document
from tieout.services.lines import Condition, find_lines
from tieout.services.settlements.analysing import analyse
from tieout.services.settlements.looking import batch, batches

COMPANY = Path(__file__).parents[2] / "examples" / "company"


@pytest.mark.slow
def test_the_payouts_of_the_company_close_and_every_sale_has_its_order(context: Context, clock: Clock) -> None:
    clock.forward(days=150)
    office = given_office(context, "NOK")
    for folder in ("bank", "providers", "shop"):
        for file in sorted((COMPANY / folder).iterdir()):
            side: Side = "ledger" if file.name == "orders.csv" else "statement"
            content = file.read_bytes()
            done(receive_document(context, office.owner, office.entity_id, file.name, content, side=side))

    done(analyse(context, office.owner, office.entity_id))

    found = done(batches(context, office.owner, office.entity_id))
    keeps_open = [done(batch(context, office.owner, office.entity_id, each.id)).refusals for each in found]
    sales = done(find_lines(context, office.owner, office.entity_id, Condition("kind", "=", "sale")))
    with context.store.reading() as view:
        differences = view.all(Difference, entity_id=office.entity_id)
    assert {(each.channel, each.state, each.gap_minor_units) for each in found} == {
        ("ADYEN", "finalized", 0),
        ("MERCADO PAGO", "finalized", 0),
    }
    assert keeps_open == [()] * len(found)
    assert all(now.tied for now in sales)
    assert differences == []
