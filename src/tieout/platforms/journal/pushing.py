"""Writes what is pushed into tieout's own files of the ledger, once for each key."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tieout.contracts.platform import PlatformFault, Pushed
from tieout.platforms.journal.bodies import (
    CounterpartyBody,
    InvoiceBody,
    MatchBody,
    PaymentBody,
    read_body,
    refused,
)
from tieout.platforms.journal.books import Books
from tieout.platforms.journal.composing import (
    counterparty_declared,
    invoice_entry,
    match_entry,
    payment_entry,
    require_room,
)
from tieout.platforms.journal.contents import Contents
from tieout.platforms.journal.folder import LedgerFolder
from tieout.platforms.journal.model import KEY_TAG, Entry

# A block of one of our files: a line that begins an entry or a declaration, to the next blank line.
_BLOCK = re.compile(r"^(?=[0-9]{4}-|payee )", re.MULTILINE)

_COMPOSED: Mapping[str, Callable[[Contents, str, Mapping[str, Any]], Entry]] = {
    "receivable": lambda contents, key, body: invoice_entry(
        contents.books, "receivable", key, read_body(body, InvoiceBody)
    ),
    "bill": lambda contents, key, body: invoice_entry(contents.books, "bill", key, read_body(body, InvoiceBody)),
    "payment_record": lambda contents, key, body: payment_entry(
        contents.books, contents, key, read_body(body, PaymentBody)
    ),
    "match": lambda contents, key, body: match_entry(contents.books, contents, key, read_body(body, MatchBody)),
}


def found(books: Books, object_type: str, key: str) -> Pushed | None:
    """What stands in the ledger under the key. Raises PlatformFault."""
    if object_type in ("customer", "vendor"):
        ids = [each.id for each in books.declared(object_type) if each.tags.get(KEY_TAG) == key]
    else:
        ids = [key] if key in books.by_id and books.by_id[key].key == key else []
    return Pushed(ids[0]) if ids else None


def push(
    folder: LedgerFolder, contents: Callable[[], Contents], object_type: str, key: str, body: Mapping[str, Any]
) -> Pushed:
    """Write the object, unless the key is there already. Raises PlatformFault.

    contents: gives those of the ledger as it stands now.
    """
    if not key:
        raise refused("what is pushed has a key, by which it is found again")
    with folder.writing():
        now = contents()
        if already := found(now.books, object_type, key):
            return already
        if object_type in ("customer", "vendor"):
            declared = counterparty_declared(object_type, key, read_body(body, CounterpartyBody))
            _insert(folder, "counterparties", folder.flavour.declaration(declared))
        else:
            entry = _COMPOSED[object_type](now, key, body)
            require_room(now.books, entry)
            _insert(folder, f"{entry.booking_date:%Y-%m}", folder.flavour.entry(entry))
    return Pushed(key)


def _insert(folder: LedgerFolder, name: str, block: str) -> None:
    """Put a block into one of our files, ordered by day and key; every other byte stays as it is."""
    path = folder.own_file(name)
    if not path.exists():
        folder.write(path, folder.flavour.head)
    _require_included(folder, path)
    text = folder.text_of(path)
    own = _order_of(block)
    at = next((found.start() for found in _BLOCK.finditer(text) if _order_of(text[found.start() :]) > own), len(text))
    before = text[:at] if text[:at].endswith("\n\n") else text[:at].rstrip("\n") + "\n\n"
    folder.write(path, f"{before}{block}\n{text[at:]}" if at < len(text) else f"{before}{block}")


def _order_of(block: str) -> tuple[str, str]:
    """Day and key of the block that begins a text; a declaration has no day."""
    block = block.partition("\n\n")[0]
    key = re.search(rf"{KEY_TAG}: (.*)", block)
    return block[:10] if block[:1].isdigit() else "", key[1] if key else ""


def _require_included(folder: LedgerFolder, path: Path) -> None:
    """Make the main file reach a file of ours, through the index; that line is all we write in others' files."""
    if folder.reaches(path):
        return
    if path != folder.index:
        _add_to_index(folder, folder.flavour.include(path.name))
        _require_included(folder, folder.index)
        return
    main = folder.text_of(folder.main)
    line_break = "\r\n" if "\r\n" in main else "\n"
    gap = "" if main.endswith("\n") or not main else line_break
    including = folder.flavour.include(folder.name_of(folder.index)).rstrip("\n")
    folder.write(folder.main, f"{main}{gap}{line_break}{including}{line_break}")
    if not folder.reaches(path):
        raise PlatformFault(
            "settings", f"{folder.main} ends where no include directive is read; include {including} above"
        )


def _add_to_index(folder: LedgerFolder, including: str) -> None:
    lines = (folder.text_of(folder.index) or f"{folder.flavour.head}\n").splitlines(keepends=True)
    if including not in lines:
        later = (row for row, line in enumerate(lines) if line.startswith("include ") and line > including)
        at = next(later, len(lines))
        folder.write(folder.index, "".join([*lines[:at], including, *lines[at:]]))
