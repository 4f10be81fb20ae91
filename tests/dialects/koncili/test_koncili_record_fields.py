"""What a record says: values as they were received, their effect beside them, days that every reader finds."""

import json
from typing import Any

import pytest

from tests.dialects.koncili.given import Shop, day
from tests.dialects.koncili.koncili_client import EXTRACT, KonciliClient
from tieout.dialects.koncili.moments import read_day, write_day
from tieout.dialects.koncili.records import write_type


def record_of(shop: Shop, client: KonciliClient, entry: dict[str, Any], **batch: Any) -> Any:
    """The only record of a shop."""
    shop.batch([entry], **batch)
    (record,) = client.unresolveds()["content"]
    return record


@pytest.mark.parametrize(
    ("received", "written"),
    [
        ("85.5", "85.5"),
        ("-85.50", "-85.50"),
        ("100", 100),
        ("0.00", "0.00"),
        ("", None),
        ("1.234,56", None),
        ("007", None),
    ],
)
def test_a_value_has_the_digits_and_the_sign_that_it_was_received_with(
    received: str, written: object, shop: Shop, client: KonciliClient
) -> None:
    record = record_of(shop, client, {"received": received, "entry_type": "COMISSION"})

    assert (record["releasedValue"], record["releasedAsReceived"]) == (written, received or None)


def test_no_effect_is_told_while_no_rule_ties_the_batch(shop: Shop, client: KonciliClient) -> None:
    record = record_of(shop, client, {"minor_units": 85_50}, sign_rule="", gap_minor_units=12_34)

    assert (record["payoutEffect"], record["payoutEffectRule"]) == (None, None)
    assert (record["conciliationStatus"], record["conciliationDifference"]) == ("ANALYZED", "12.34")
    assert (record["concilied"], record["partialConcilied"]) == (False, True)


def test_the_rule_and_its_effect_stand_beside_the_value(shop: Shop, client: KonciliClient) -> None:
    entry = {"minor_units": -85_50, "received": "85.5", "kind": "fee"}
    record = record_of(shop, client, entry, sign_rule="by_type", state="finalized", gap_minor_units=0)

    assert (record["releasedValue"], record["payoutEffect"], record["payoutEffectRule"]) == (
        "85.5",
        "-85.50",
        "BY_TYPE",
    )
    assert (record["concilied"], record["conciliationDifference"]) == (True, "0.00")


def test_what_a_provider_said_of_other_kinds_than_the_vendor_has_is_left_out(shop: Shop, client: KonciliClient) -> None:
    said = {
        "plotValue": "285.00",
        "totalValue": "12,50",
        "orderIdHubOrigin": {"a": 1},
        "origin": ["x"],
        "customerDocumentNumber": "012.345.678-90",
        "paymentMethod": "",
        "invoiceNumber": 7,
        "something": True,
    }
    record = record_of(shop, client, {"facts": json.dumps(said)})

    assert {name: record[name] for name in said if name in record} == {
        "plotValue": "285.00",
        "totalValue": None,
        "orderIdHubOrigin": None,
        "origin": None,
        "customerDocumentNumber": 1234567890,
        "paymentMethod": None,
        "invoiceNumber": None,
    }
    assert "something" not in record


@pytest.mark.parametrize(
    ("entry_type", "kind", "written"),
    [
        ("COMISSION", "fee", "COMISSION"),
        ("PROMO_FEE_2", "fee", "PROMO_FEE_2"),
        ("payment", "sale", "SALE"),
        ("Settled", "fee", "COMISSION"),
        ("Refunded", "refund", "RETURN_SALE"),
        ("MerchantPayout", "payout", "TRANSFER"),
        ("reserve_for_dispute", "reserve_hold", "RESERVE_HOLD"),
        ("odd one", "", "odd one"),
    ],
)
def test_a_type_is_spelled_as_the_vendors_readers_know_it(entry_type: str, kind: str, written: str) -> None:
    assert write_type(entry_type, kind) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-01-10", "2026-01-10T03:00:00.000+0000"),
        ("2018-11-04", "2018-11-04T03:00:00.000+0000"),  # the clocks jumped over midnight
        ("2018-12-01", "2018-12-01T02:00:00.000+0000"),
    ],
)
def test_the_first_ten_characters_of_a_day_are_the_day(text: str, written: str) -> None:
    assert write_day(day(text)) == written
    assert read_day(written) == day(text)


def test_a_batch_is_closed_on_the_day_that_it_is_where_the_entity_is(shop: Shop, client: KonciliClient) -> None:
    """The office is in Oslo: at half past eleven in the evening UTC the next day has begun there."""
    half_past_eleven = day("2026-01-15") * 86_400_000_000 + (23 * 60 + 30) * 60_000_000
    (only,) = shop.batch(1, state="finalized", finalized_at=half_past_eleven)[1]
    client.resolve([only])

    (record,) = client.concilieds(initDate="2026-01-16", endDate="2026-01-16")["content"]

    assert record["conciliationCloseDate"][:10] == "2026-01-16"
    assert client.concilieds(endDate="2026-01-15")["count"] == 0


def test_an_order_is_found_with_the_name_of_its_channel_in_any_case(shop: Shop, client: KonciliClient) -> None:
    order = {"order_code": "A 1é"}
    shop.batch([{**order, "channel": "MERCADO PAGO"}, {**order, "channel": "B2W"}])

    found = client.call("GET", f"{EXTRACT}/A%201%C3%A9/mercado%20pago")

    assert [each["channel"] for each in found.json["elements"]] == ["MERCADO PAGO"]
