"""Corrections: entries that say that an earlier one, named by its id, is replaced or deleted.

Source: OFX 1.6 and 2.2, section 11.4.3, CORRECTFITID and CORRECTACTION.
"""

from collections.abc import Sequence

from tieout.importers._ofx_markup import Aggregate
from tieout.importers._ofx_notes import Notes

_ACTIONS = ("REPLACE", "DELETE")


def without_corrected(entries: Sequence[Aggregate], notes: Notes) -> list[Aggregate]:
    """The entries of one account that count once its corrections are applied, in file order.

    An entry that another one corrects is left out, and so is a correction that only deletes; the notes say so. What is
    corrected may stand before or after its correction. Where several entries bear the id, nothing tells which one is
    meant: all of them stay, and the correction is quarantined.
    """
    corrections = [entry for entry in entries if _corrected_id(entry)]
    if not corrections:
        return list(entries)
    by_id: dict[str, list[Aggregate]] = {}
    for entry in entries:
        by_id.setdefault(entry.leaf("FITID"), []).append(entry)
    left_out: set[int] = set()
    for correction in corrections:
        named = [entry for entry in by_id.get(_corrected_id(correction), []) if entry is not correction]
        left_out.update(_left_out_by(correction, named, notes))
    return [entry for entry in entries if entry.offset not in left_out]


def _corrected_id(entry: Aggregate) -> str:
    """The id that an entry corrects; empty for zeros, which some banks write everywhere."""
    corrected = entry.leaf("CORRECTFITID")
    return corrected if corrected.strip("0") else ""


def _left_out_by(correction: Aggregate, named: list[Aggregate], notes: Notes) -> set[int]:
    """The offsets of the entries that one correction takes out of the statement."""
    action, corrected = correction.leaf("CORRECTACTION").upper(), _corrected_id(correction)
    if action not in _ACTIONS:
        what = f"this entry corrects the entry with the id {corrected} without saying how; both are counted"
        notes.warn("unclear_correction", what, correction.offset, action)
        return set()
    if len(named) > 1:
        what = f"this entry corrects one of {len(named)} entries with the id {corrected}; nothing tells which"
        notes.quarantine("ambiguous_correction", what, correction.offset)
        return {correction.offset}
    done = "replaced" if action == "REPLACE" else "deleted"
    gone = {correction.offset} if action == "DELETE" else set()
    if named:
        line, _ = notes.line_and_column(named[0].offset)
        what = f"the entry with the id {corrected} on line {line} is {done} by this one and not counted"
        notes.warn("corrected_entry", what, correction.offset)
        return gone | {named[0].offset}
    what = f"an entry with the id {corrected} that is not in this file is {done} by this one"
    notes.warn("corrected_elsewhere", what, correction.offset)
    return gone
