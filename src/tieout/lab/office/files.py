"""Three months of the Norwegian and Brazilian books and banks, read from the example company's files and matched."""

import csv
import io
from pathlib import Path

from tieout.domain.people import Principal
from tieout.lab.office.doing import done
from tieout.services.context import Context
from tieout.services.intake import receive_document
from tieout.services.proposing import propose_matches


def read_company(context: Context, owner: Principal, folder: Path, entities: dict[str, int]) -> None:
    """Take in every file and match what is there.

    entities: by functional currency; the euro account and its items are the Norwegian entity's.
    """
    brazil, norway = entities["BRL"], entities["NOK"]
    for path in sorted((folder / "bank").iterdir()):
        entity = brazil if path.name.startswith("reais") else norway
        done(receive_document(context, owner, entity, path.name, path.read_bytes()))
    for path in sorted((folder / "books").iterdir()):
        for entity, content in by_entity(path, entities).items():
            done(receive_document(context, owner, entity, path.name, content, side="ledger"))
    for entity in (norway, brazil):
        done(propose_matches(context, owner, entity))


def by_entity(path: Path, entities: dict[str, int]) -> dict[int, bytes]:
    """The rows of a file of the books, apart for each entity: a server keeps every entity's books for itself.

    entities: by currency; the rows of any other are those of the entity in NOK.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    apart: dict[int, list[dict[str, str]]] = {}
    for row in rows:
        apart.setdefault(entities.get(row["currency"], entities["NOK"]), []).append(row)
    return {entity: _written(found) for entity, found in apart.items()}


def _written(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
