"""Places as a result may show them: the file's own name, never the folder that it lay in on one machine."""

import re
from dataclasses import replace

from tieout.kernel.errors import Place

# A member of an archive keeps its whole name, since that is part of the document: "may.zip!day1/may.sta".
_ARCHIVE_MEMBER = re.compile(r"(?P<archive>.*?\.zip)!(?P<member>.+)", re.IGNORECASE | re.DOTALL)


def file_name(name: str) -> str:
    """The name of a file without its folders; letters that are not Unicode become question marks."""
    found = _ARCHIVE_MEMBER.fullmatch(name)
    if found:
        return f"{_last_part(found['archive'])}!{_printable(found['member'])}"
    return _last_part(name)


def place_text(place: Place) -> str:
    """`may.sta:17:1`: file, line and column without any folder."""
    return str(replace(place, file=file_name(place.file)))


def _last_part(name: str) -> str:
    return _printable(re.split(r"[\\/]", name.rstrip("/\\"))[-1])


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")
