"""OFX 1.x (SGML), OFX 2.x (XML) and QFX: statements of bank, card and investment accounts.

Entries are STMTTRN with the sign of TRNAMT; the closing balance is LEDGERBAL; there is no opening balance, so a single
file proves nothing. Ids (FITID) are evidence: banks reuse them, write zeros, and change them between downloads.
Source: OFX 1.6 and 2.2 (Financial Data Exchange), and what banks make of them.
"""

import re
from collections.abc import Iterator

from tieout.contracts.reading import Head, Reading, Source, bytes_of
from tieout.importers._ofx_header import header_of
from tieout.importers._ofx_markup import (
    ANSWERS,
    ENTRY,
    PENDING_ENTRY,
    STATEMENT_MESSAGES,
    STATEMENTS,
    Aggregate,
    Markup,
    MarkupRefused,
    parse,
)
from tieout.importers._ofx_notes import Notes
from tieout.importers._ofx_statements import read_statement
from tieout.kernel.decoding import decode
from tieout.kernel.errors import Refused

FORMATS = ("ofx",)
PROFILES: tuple[str, ...] = ()

_FIRST_TAG = re.compile(r"<(?:[A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)[\s>]")
_OFX = re.compile("OFX", re.IGNORECASE)
_HEADER_WORD = re.compile(r"OFXHEADER\s*[:=]", re.IGNORECASE)
_ENTRIES = (ENTRY, PENDING_ENTRY)


def recognise(head: Head) -> str | None:
    """`ofx` where the first tag is the OFX root or an OFX header stands before it."""
    first = _FIRST_TAG.search(head.text)
    before = head.text if first is None else head.text[: first.start()]
    is_root = first is not None and first[1].upper() == "OFX"
    return "ofx" if is_root or _HEADER_WORD.search(before) else None


def read(source: Source, keep_entries: bool, profile: str | None) -> Reading:
    """Every statement of the file. Raises Refused: doctype, too_deep, truncated, not_well_formed, no_statement."""
    assert profile is None, "OFX has no reading options"
    raw = bytes_of(source)
    header = header_of(raw)
    text, encoding = decode(raw, header.code_page, lambda decoded: _OFX.search(decoded) is not None)
    reading = Reading(format="ofx", version=header.version, encoding=encoding)
    notes = Notes(source.name, text, reading)
    try:
        markup = parse(text)
    except MarkupRefused as refused:
        raise notes.refusal(refused.code, refused.what, refused.offset) from None
    statements = [part for part in markup.top.within() if part.name in STATEMENTS]
    _refuse_cut_off(markup, bool(statements), len(text), notes)
    _refuse_or_quarantine_misplaced(markup, notes)
    if not statements:
        raise _without_statement(markup, notes)
    for statement in statements:
        reading.statements.append(read_statement(statement, notes, keep_entries))
    _warn_about_failed_answers(markup, notes)
    _warn_about_missing_end_tags(markup, notes)
    return reading


def _refuse_cut_off(markup: Markup, has_statement: bool, end: int, notes: Notes) -> None:
    """The end of the file lies inside an aggregate: what follows is missing, be it entries or whole accounts.

    A file that breaks off inside the answer to another question, a profile for example, has no statement to lose.
    """
    messages = [part.name for part in markup.top.within() if part.name.endswith("MSGSRSV1")]
    other = [name for name in messages if name not in (*STATEMENT_MESSAGES, "SIGNONMSGSRSV1")]
    if markup.open_at_end and (has_statement or not other):
        inside = markup.open_at_end[-1].name
        raise notes.refusal("truncated", f"the file ends inside <{inside}>; the end tag </OFX> never comes", end)


def _refuse_or_quarantine_misplaced(markup: Markup, notes: Notes) -> None:
    """Amounts of entries that lie outside any entry or statement, because a tag before them is broken."""
    misplaced = list(_misplaced(markup.top, inside_statement=False))
    if not misplaced:
        return
    what = "the amount of an entry stands outside any entry of a statement; a tag before it is broken"
    if not any(part.name in STATEMENTS and part.first(*_ENTRIES) for part in markup.top.within()):
        raise notes.refusal("not_well_formed", what, misplaced[0].offset)
    for aggregate in misplaced:
        notes.quarantine("misplaced_amount", what, aggregate.offset, excerpt=f"TRNAMT {aggregate.leaf('TRNAMT')}")


def _misplaced(aggregate: Aggregate, inside_statement: bool) -> Iterator[Aggregate]:
    """Aggregates with an amount that no entry of a statement holds."""
    for part in aggregate.parts:
        if part.name in _ENTRIES:
            if not inside_statement:
                yield part
        elif inside_statement or part.name in STATEMENTS:
            if part.leaf("TRNAMT"):
                yield part
            yield from _misplaced(part, inside_statement=True)
        else:
            yield from _misplaced(part, inside_statement=False)


def _without_statement(markup: Markup, notes: Notes) -> Refused:
    """Why there is no statement, in the bank's words where it gives some."""
    root = next((part for part in markup.top.parts if part.name == "OFX"), None)
    if root is None:
        return notes.refusal("not_well_formed", "there is an OFX header, but no <OFX> after it")
    failed = next((part for part in root.within() if _has_failed(part)), None)
    if failed is None:
        return notes.refusal("no_statement", "the file is OFX, but holds no statement of any account", root.offset)
    return notes.refusal("no_statement", f"the file holds no statement but {_failure(failed)}", failed.offset)


def _warn_about_failed_answers(markup: Markup, notes: Notes) -> None:
    for answer in markup.top.within():
        if answer.name in ANSWERS and answer.first(*STATEMENTS) is None:
            status = answer.first("STATUS")
            why = _failure(status) if status is not None and _has_failed(status) else "no reason"
            notes.warn("account_left_out", f"the bank gives no statement of one account, but {why}", answer.offset)


def _has_failed(aggregate: Aggregate) -> bool:
    return aggregate.name == "STATUS" and aggregate.leaf("SEVERITY").upper() == "ERROR"


def _failure(status: Aggregate) -> str:
    message = status.leaf("MESSAGE")
    return f"the bank's error {status.leaf('CODE')}" + (f": {message}" if message else "")


def _warn_about_missing_end_tags(markup: Markup, notes: Notes) -> None:
    """One warning per name; the file is read as if the tag stood where the next aggregate begins or its parent ends."""
    missing: dict[str, list[Aggregate]] = {}
    for aggregate in markup.unclosed:
        missing.setdefault(aggregate.name, []).append(aggregate)
    for name, aggregates in missing.items():
        times = f" {len(aggregates)} times" if len(aggregates) > 1 else ""
        what = f"<{name}> has no end tag{times}; where it ends was told from what follows"
        notes.warn("end_tag_missing", what, aggregates[0].offset)
