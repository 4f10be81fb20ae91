"""Records as Koncili's answers hold them, with every field that its pages show."""

from typing import Any

SALE: dict[str, Any] = {
    "id": 49185461,
    "oi": "1.20.",
    "orderCode": "264119301",
    "orderId": "264119301-A",
    "orderIdHubOrigin": 33,
    "origin": "B2W",
    "channel": "B2W",
    "accountName": "Loja Norte",
    "channelStatus": "DELIVERED",
    "internalStatus": "CONCLUDED",
    "orderDate": "2026-05-02T14:20:11.000+0000",
    "paymentMethod": "BILLET",
    "plotValue": 570.00,
    "totalValue": 570.00,
    "plotsQuantity": 1,
    "plotNumber": 1,
    "extractType": "SALE",
    "originalValue": 570,
    "expectedValue": 570,
    "releasedValue": 570,
    "expectedDate": "2026-05-16T03:00:00.000+0000",
    "releasedDate": "2026-05-16T03:00:00.000+0000",
    "situation": "CONCILIED",
    "concilied": True,
    "partialConcilied": False,
    "observation": None,
    "conciliationId": 8123,
    "resolvedInERP": False,
    "invoiceNumber": "55012",
    "customerName": "Ana Souza",
    "customerDocumentNumber": 1234567890,
}


def record(**changed: Any) -> dict[str, Any]:
    """One record with some fields changed."""
    return {**SALE, **changed}
