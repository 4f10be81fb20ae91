"""An importer that recognises one mark and then fails, as a fault of ours would: what `reader_fault` is about."""

from tieout.contracts.reading import Head, Reading, Source

FORMATS = ("faulty",)
PROFILES: tuple[str, ...] = ()


def recognise(head: Head) -> str | None:
    """Its own mark only."""
    return "faulty" if head.text.startswith("faulty") else None


def read(source: Source, keep_entries: bool, profile: str | None) -> Reading:
    """Looks up what is not there."""
    layouts: dict[str, Reading] = {}
    return layouts[source.name]
