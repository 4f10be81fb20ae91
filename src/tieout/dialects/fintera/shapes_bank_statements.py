"""Bank statements: files that are uploaded, queued, read, and polled until they are."""

import json
from typing import Any

from tieout.dialects.fintera.moments import write_moment
from tieout.domain.lines import Document

# What the core calls the states of a document, and what the vendor calls the states of its event.
EVENT_STATES = {"queued": "queued", "read": "success", "refused": "error"}


def write_bank_statement(document: Document) -> dict[str, Any]:
    """One uploaded file; `event.output` says in Portuguese what came of it.

    The core keeps no instant at which a file was read, so the event is finished when the file was received.
    """
    received = write_moment(document.received_at)
    status = EVENT_STATES[document.state]
    return {
        "id": document.id,
        "created_at": received,
        "updated_at": received,
        "file_file_name": document.name,
        "file_content_type": "application/octet-stream",
        "file_file_size": document.size,
        "file_updated_at": received,
        "deposit_account_id": document.account_id,
        "future_items_ignored_count": 0,
        "amount_zero_items_ignored_count": 0,
        "invalid_date_items_ignored_count": 0,
        "event": {
            "id": document.id,
            "status": status,
            "output": _output(status, document.answer),
            "created_at": received,
            "finished_at": None if status == "queued" else received,
        },
    }


def _output(status: str, answer: str) -> str | None:
    if status == "queued":
        return None
    found = json.loads(answer)
    if status == "error":
        reasons = "; ".join(f"{each['code']}: {each['concerns']}" for each in found["refusals"])
        return f"O arquivo não pôde ser importado ({reasons})."
    brought = found["lines"]["new"] + found["lines"]["taken_over"]
    if brought == 0:
        return "Nenhuma transação nova foi importada."
    return "Foi importada 1 transação." if brought == 1 else f"Foram importadas {brought} transações."
