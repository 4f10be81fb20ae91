"""Bank statements: files that are uploaded, queued, read, and polled until they are."""

import json
from typing import Any, NamedTuple

from tieout.dialects.fintera.moments import write_moment
from tieout.domain.lines import Document

# What the core calls the states of a document, and what the vendor calls the states of its event.
EVENT_STATES = {"queued": "queued", "read": "success", "refused": "error"}


class Progress(NamedTuple):
    """How far a document has come: lines that it brought, and when it was done."""

    lines: int
    finished_at: int | None


def write_bank_statement(document: Document, progress: Progress) -> dict[str, Any]:
    """One uploaded file; `event.output` says in Portuguese what came of it."""
    received = write_moment(document.received_at)
    finished = progress.finished_at
    status = EVENT_STATES[document.state]
    return {
        "id": document.id,
        "created_at": received,
        "updated_at": received if finished is None else write_moment(finished),
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
            "output": _output(document, status, progress.lines),
            "created_at": received,
            "finished_at": None if finished is None or status == "queued" else write_moment(finished),
        },
    }


def _output(document: Document, status: str, lines: int) -> str | None:
    if status == "queued":
        return None
    if status == "error":
        reasons = reasons_of(document.answer)
        return " ".join(["O arquivo não pôde ser importado.", *reasons])
    if lines == 0:
        return "Nenhuma transação nova foi importada."
    return "Foi importada 1 transação." if lines == 1 else f"Foram importadas {lines} transações."


def reasons_of(answer: str) -> list[str]:
    """Why a document was refused, as `check` says it; empty where it says nothing."""
    found = json.loads(answer) if answer else None
    entries = found if isinstance(found, list) else [found]
    return [entry["refused"]["message"] for entry in entries if isinstance(entry, dict) and entry.get("refused")]
