"""Reading a canonical CSV to exact minor units, held against Polars reading the same columns as text.

The promise: at most three times as long, with every cell validated and every id proved unique.
"""

import csv
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import polars

from tieout.importers import canonical_csv
from tieout.kernel.currencies import exponent_of
from tieout.kernel.money import decimal_text
from tieout.services.files.sources import FileSource

RATIO_MAX = 3.0
_ROUNDS = 7

_HEADER = (
    *("id", "account", "currency", "amount", "booking_date", "value_date", "reference", "counterparty"),
    *("counterparty_account", "batch", "kind", "settles", "base_amount", "rate", "description"),
)
_FIRST_DAY = date(2025, 1, 1)
_COUNTERPARTIES = 5_000
_KINDS = ("receivable",) * 12 + ("payable",) * 5 + ("order", "customer_payment", "supplier_payment")
_CURRENCIES = ("NOK",) * 16 + ("EUR", "EUR", "USD", "JPY")
_RATES = {"EUR": "11.4875", "USD": "10.2310", "JPY": "0.068214"}
_TEXTS = (
    "Invoice {0}",
    "Payment for order {0}, thank you",
    "Visa purchase 4925 **** {0}",
    "KID {0}",
    'Delivery "express" of {0}, 2 parcels',
    "Rent, office {0}",
    "Subscription {0}",
    "Consulting hours week {0}",
)


def measure(rows: int = 1_000_000) -> dict[str, object]:
    """Seconds of both readings, rows per second of ours, and the ratio: the median of pairs measured in alternation."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.csv"
        write_ledger(path, rows)
        source = FileSource("ledger.csv", path, path.stat().st_size)
        pairs = [
            (
                _seconds(lambda: polars.read_csv(path, infer_schema=False, glob=False)),
                _seconds(lambda: canonical_csv.read_lines(source, "ledger")),
            )
            for _ in range(_ROUNDS + 1)
        ][1:]  # the first pair pays for loading and for memory that the next ones have already
    ours = statistics.median(seconds for _, seconds in pairs)
    return {
        "rows": rows,
        "bytes": source.size,
        "polars_seconds": round(statistics.median(seconds for seconds, _ in pairs), 3),
        "seconds": round(ours, 3),
        "rows_per_second": round(rows / ours),
        "ratio": round(statistics.median(ours / theirs for theirs, ours in pairs), 2),
        "ratio_max": RATIO_MAX,
    }


def write_ledger(path: Path, rows: int, seed: int = 20260531) -> None:
    """A ledger of so many lines with every column filled as books fill it; every second line has a quoted cell."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_HEADER)
        writer.writerows(_ledger_rows(random.Random(seed), rows))


def _ledger_rows(chance: random.Random, rows: int) -> Iterator[tuple[str, ...]]:
    names = [_counterparty(chance, number) for number in range(_COUNTERPARTIES)]
    days = [(_FIRST_DAY + timedelta(days=number)).isoformat() for number in range(730)]
    for number in range(rows):
        currency, kind, day = chance.choice(_CURRENCIES), chance.choice(_KINDS), chance.randrange(700)
        units = chance.randint(100, 5_000_000) * (-1 if kind in ("payable", "supplier_payment") else 1)
        name, account = chance.choice(names)
        is_payment = kind.endswith("payment")
        yield (
            f"L{number:07d}",
            "1920" if is_payment else ("1500" if units > 0 else "2400"),
            currency,
            decimal_text(units, exponent_of(currency)),
            days[day],
            days[day + chance.randrange(30)],
            f"{chance.randrange(10**7):07d}",
            name,
            account,
            f"B{number // 40}" if is_payment else "",
            kind,
            f"L{chance.randrange(rows):07d} L{chance.randrange(rows):07d}" if is_payment else "",
            f"{units * 11}.50" if currency in _RATES else "",
            _RATES.get(currency, ""),
            chance.choice(_TEXTS).format(chance.randrange(10**6)),
        )


def _counterparty(chance: random.Random, number: int) -> tuple[str, str]:
    first = chance.choice(("Nordlys", "Fjord", "Hav", "Bjørk", "Søndre", "Vest", "Ås", "Granli"))
    second = chance.choice(
        ("Bygg AS", "Regnskap AS", "Kaffe ANS", "Transport ASA", "Verksted, avd. Oslo", "Handel GmbH")
    )
    return f"{first} {second} {number}", f"NO{chance.randrange(10**12, 10**13)}"


def _seconds(read: Callable[[], object]) -> float:
    start = time.perf_counter()
    result = read()
    seconds = time.perf_counter() - start
    del result  # giving memory back is nobody's reading time
    return seconds


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
