"""camt.052, camt.053 and camt.054: account reports, statements and notifications of ISO 20022, in all versions.

The amount and the mark of an entry (Ntry) are what moved the balance; amounts of its details never replace them. Read
by local name, since banks vary the namespace, prefix it, leave it out or wrap the message in an envelope.
Source: ISO 20022 message definitions camt.05x.001.01 to .14, and several hundred published sample files.
"""

import re

from tieout.contracts.reading import Head, Reading, Source
from tieout.importers._camt_bytes import codec_of
from tieout.importers._camt_damage import Damage
from tieout.importers._camt_message import REVERSAL_FLIPS, Message
from tieout.importers._camt_xml import Broken, Elements, text_of_source

FORMATS = ("camt.052", "camt.053", "camt.054")
# Some banks leave the mark of the original entry on the entry that reverses it; then the sign of reversals is turned.
PROFILES = (REVERSAL_FLIPS,)

_MESSAGE = re.compile(r"<(?:[^\s<>/!?:]+:)?BkToCstmr(AcctRpt|Stmt|DbtCdtNtfctn)(?:V[0-9]{2})?[\s/>]")
_NAMESPACE = re.compile(r"xmlns(?::[^\s=]+)?\s*=\s*[\"'][^\"']*camt\.(05[234])\.[0-9]{3}\.[0-9]{2}[\"']")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FORMAT_OF_MESSAGE = {"AcctRpt": "camt.052", "Stmt": "camt.053", "DbtCdtNtfctn": "camt.054"}


def recognise(head: Head) -> str | None:
    """The camt format whose message element, or else whose namespace, stands in the beginning of an XML file."""
    text = head.text.lstrip()
    if not text.startswith("<"):
        return None
    text = _COMMENT.sub("", text)
    if message := _MESSAGE.search(text):
        return _FORMAT_OF_MESSAGE[message[1]]
    namespace = _NAMESPACE.search(text)
    return f"camt.{namespace[1]}" if namespace else None


def read(source: Source, keep_entries: bool, profile: str | None) -> Reading:
    """Every statement of the file, the pages of each united, with what was noticed.

    An entry whose XML is broken is quarantined and the file read again without it.
    Raises Refused: `doctype`, `not_well_formed`, `truncated`, `too_deep`, `too_large`, `no_statement`.
    """
    text = text_of_source(source, codec_of(source))
    damage = Damage(text)
    while True:
        message = Message(text, Elements(text, damage.cuts), damage.broken, keep_entries, profile)
        try:
            return message.read()
        except Broken as fault:
            damage.leave_out(fault, message.entries_read)
