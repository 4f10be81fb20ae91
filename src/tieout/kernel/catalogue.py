"""Every code that tieout says, with its meaning and what to do: the one source of docs/errors.md.

A code is a promise: scripts test for it. The words may improve.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code means and what its reader can do about it."""

    meaning: str
    advice: str


# A file that cannot be read at all: `refused` in `tieout check --json`, exit status 2.
REFUSED: dict[str, Entry] = {
    "empty": Entry("The file holds no bytes.", "export it again; the download may have failed"),
    "unknown_format": Entry(
        "The content is not one of the formats that tieout reads.",
        "check that this is the bank's statement file and not a PDF or a web page",
    ),
    "needs_profile": Entry(
        "A table with columns that nobody recognises.",
        "name its columns as in the canonical CSV, or choose a profile with --profile",
    ),
    "doctype": Entry(
        "The XML declares a document type, which can hide text or read other files.",
        "ask the sender for the file without <!DOCTYPE>; banks never need one",
    ),
    "not_well_formed": Entry("The syntax breaks before any complete entry.", "export the file again"),
    "truncated": Entry("The file ends inside a statement.", "download it again, whole"),
    "too_large": Entry("The file, or what an archive unpacks to, exceeds the limit.", "split the file"),
    "too_deep": Entry("Elements are nested deeper than any bank does it.", "export the file again"),
    "no_statement": Entry(
        "A known format, but without any statement in it.",
        "choose the account statement in the bank's export, not a confirmation or a profile",
    ),
    "not_a_file": Entry("The path is a directory or a device.", "name the files in it, for example with a shell glob"),
    "not_found": Entry("There is no such file.", "check the path"),
    "not_readable": Entry("The operating system does not let this user read the file.", "check its permissions"),
}
