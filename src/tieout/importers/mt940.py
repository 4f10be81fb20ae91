"""MT940 customer statements and MT942 interim reports.

Files come as bare fields, in SWIFT blocks, or with headers of the bank's own, one message or many, and with entries
that bend the standard; the measured deviations are in the tests. What cannot be read whole is quarantined, the rest
is read, and the balance proof shows the difference.
Source: SWIFT Standards MT category 9, MT940 and MT942.
"""

import re

from tieout.contracts.reading import Head, Reading, Source, bytes_of
from tieout.domain.statements import StatementKind
from tieout.importers._mt940_fields import BLOCK, Field, Message, fields_of, messages_of
from tieout.importers._mt940_lines import EntryLine, read_balance, read_entry
from tieout.importers._mt940_page import Page
from tieout.kernel.catalogue import REFUSED
from tieout.kernel.decoding import decode
from tieout.kernel.errors import Finding, Place, Refused

FORMATS = ("mt940", "mt942")
PROFILES: tuple[str, ...] = ()

# Before the first field stand a bank's BIC, the message type or SWIFT blocks, never prose and never columns.
_HEADER_LINES_MAX = 12
_HEADER_LINE = re.compile(rf"\s*|.{{0,3}}{BLOCK}.*|:?94[0-9]:?|[A-Z0-9 ]{{1,40}}", re.ASCII)

_TIME_OF_DAY = re.compile(r"[0-9]{2}(?![0-9])", re.ASCII)


def recognise(head: Head) -> str | None:
    """mt940 or mt942 where the content begins with fields of such a message; None otherwise."""
    text = _with_plain_line_ends(head.text)
    header = text.partition("\n:")[0] if not text.startswith(":") else ""
    lines = header.split("\n")
    if len(lines) > _HEADER_LINES_MAX or not all(_HEADER_LINE.fullmatch(line.rstrip()) for line in lines):
        return None
    fields = [found for found in fields_of(text) if found.tag]
    if not fields or not (_begins_with(fields[0], text) or any(map(_is_evidence, fields))):
        return None
    interim = [message.is_interim for message in messages_of(text) if message.is_statement]
    return "mt942" if interim and interim[0] else "mt940"


def _begins_with(first: Field, text: str) -> bool:
    """Whether the very first characters are a field with its value, and not a time of day: a fragment, if no more."""
    begins = text.lstrip().startswith(f":{first.tag}:") and first.text[:1].isalnum()
    return begins and not _TIME_OF_DAY.match(first.text)


def _is_evidence(found: Field) -> bool:
    if found.tag == "61":
        return isinstance(read_entry(found.text), EntryLine)
    return found.tag[:2] in ("60", "62") and read_balance(found.text) is not None


def read(source: Source, keep_entries: bool, profile: str | None) -> Reading:
    """Every statement of the source; pages that follow each other are one.

    Raises Refused where the source has fields of these formats but no statement.
    """
    decoded, encoding = decode(bytes_of(source))
    messages = messages_of(_with_plain_line_ends(decoded))
    reading = Reading("mt940", profile=profile, encoding=encoding)
    statements = _joined_pages(_pages(messages, reading, source.name, keep_entries))
    if not statements:
        what = "fields of an account statement, but no entry, no balance and no account that states one"
        raise Refused([Finding("no_statement", what, Place(source.name), advice=REFUSED["no_statement"].advice)])
    reading.statements = [page.finish() for page in statements]
    if reading.statements[0].kind is StatementKind.INTRADAY:
        reading.format = "mt942"
    return reading


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _pages(messages: list[Message], reading: Reading, file: str, keep_entries: bool) -> list[Page]:
    """Each message that states something, read; one without a header of its own has that of the one before."""
    pages: list[Page] = []
    for message in messages:
        if not message.is_statement:
            continue
        page = Page(message, reading, file, keep_entries)
        if message.goes_on and pages:
            page.builder.account, page.builder.number = pages[-1].builder.account, pages[-1].builder.number
        page.read(ends_file=message is messages[-1] and not message.is_ended)
        pages.append(page)
    return pages


def _joined_pages(pages: list[Page]) -> list[Page]:
    """Statements in the order of their first pages; pages of two accounts may alternate."""
    statements: list[Page] = []
    open_by_account: dict[tuple[str | None, str | None], Page] = {}
    for page in pages:
        key = page.builder.account, page.builder.currency
        before = open_by_account.get(key)
        if before is not None and before.is_followed_by(page):
            before.continue_with(page)
        else:
            statements.append(page)
            open_by_account[key] = page
    return statements
