"""The amounts of lines by id, as the proofs read them."""

from tieout.domain.line_table import LineTable, texts_of
from tieout.proofs.certificate import LineAmounts


def line_amounts(statement: LineTable, ledger: LineTable) -> LineAmounts:
    """Signed minor units and currency of every line, per side and id; an id that stands twice counts once."""
    return {"statement": _amounts(statement), "ledger": _amounts(ledger)}


def _amounts(table: LineTable) -> dict[str, tuple[int, str]]:
    names = table.currency.names
    currencies = [names[code] for code in table.currency.codes.tolist()]
    amounts = zip(table.minor_units.tolist(), currencies, strict=True)
    return dict(zip(texts_of(table.id, len(table)), amounts, strict=True))
