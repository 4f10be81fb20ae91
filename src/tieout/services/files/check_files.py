"""Checks files: what each one is, what it states, and whether that is proved; nothing is kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from tieout.contracts.checking import Checked, CheckedFile
from tieout.contracts.importer import Importer
from tieout.contracts.reading import Head, Reading, Source, head_of
from tieout.kernel.catalogue import advice_on
from tieout.kernel.errors import FAULTS, Finding, Place, Refused, TieoutError, UsageError, place_of
from tieout.kernel.names import did_you_mean
from tieout.proofs.chains import chain_faults
from tieout.services.files.appearance import finding_about_unrecognised
from tieout.services.files.sources import not_readable, sources_of

# 512 MiB: importers may hold a whole file in memory, several times over.
SIZE_MAX = 512 * 1024 * 1024
# Our own format is read as a stream, however long it is.
STREAMED_FORMATS = ("canonical_csv",)

_Answer = TypeVar("_Answer")

# An importer that fails on a file in a way that it did not foresee must not cost the user the other files.
_FAULTS: tuple[type[Exception], ...] = (TieoutError, *FAULTS)


def check_files(
    paths: Sequence[str],
    importers: Sequence[Importer],
    profile: str | None = None,
    keep_entries: bool = False,
    watch: Callable[[Source], Source] = lambda source: source,
) -> Checked:
    """Read every file and every archive member, in the order given, and look at the chains between them.

    profile: a reading option of one of the importers; files of other formats are read without it and say so.
    keep_entries: False counts and proves only, so that a huge file needs little memory.
    watch: wraps each source before it is read, for example to show progress.
    Raises UsageError for a profile that no importer has. A file that cannot be read is an answer, not an error.
    """
    require_known(profile, importers)
    files: list[CheckedFile] = []
    for path in paths:
        sources = sources_of(path)
        if isinstance(sources, Finding):
            files.append(CheckedFile(sources.place.file, Reading(None), tuple(advised([sources]))))
        else:
            files += [check_source(watch(source), importers, profile, keep_entries) for source in sources]
    warn_about_chains(files)
    return Checked(tuple(files))


def check_source(
    source: Source, importers: Sequence[Importer], profile: str | None = None, keep_entries: bool = False
) -> CheckedFile:
    """Recognise one source by its content and read it; whatever goes wrong becomes the reason for refusing it."""
    known = Reading(None)
    reading = attempt(source, lambda: _read(source, importers, profile, keep_entries, known))
    return (
        CheckedFile(source.name, reading) if isinstance(reading, Reading) else CheckedFile(source.name, known, reading)
    )


def attempt(source: Source, read: Callable[[], _Answer]) -> _Answer | tuple[Finding, ...]:
    """What `read` gives of a source, or the reasons why it gives nothing, whatever goes wrong."""
    try:
        return read()
    except Refused as refused:
        findings: Sequence[Finding] = refused.findings
    except OSError as error:
        findings = (not_readable(Place(source.name), error),)
    except RecursionError:
        findings = (Finding("too_deep", "the content is nested too deep to read", Place(source.name)),)
    except MemoryError:
        findings = (Finding("too_large", "the file needs more memory than there is", Place(source.name)),)
    except _FAULTS as fault:
        findings = (_fault(source, fault),)
    return tuple(advised(findings))


def warn_about_chains(files: Sequence[CheckedFile]) -> None:
    """Add a warning to each file with a statement that does not follow the one before it, whatever file that is in."""
    placed = [(file, statement) for file in files for statement in file.reading.statements]
    for fault in chain_faults([statement for _, statement in placed]):
        file, earlier = placed[fault.position][0], placed[fault.previous][0]
        where = "" if earlier is file else f" ({earlier.file})"
        advice = f"look for a statement missing between them{where}"
        file.reading.warnings.append(Finding(fault.code, fault.what, Place(file.file), advice=advice))


def require_known(profile: str | None, importers: Sequence[Importer]) -> None:
    """Pass when some importer has the profile, or none was chosen. Raises UsageError."""
    known = {name for importer in importers for name in importer.PROFILES}
    if profile is not None and profile not in known:
        hint = did_you_mean(profile, known) if known else "no format has profiles"
        raise UsageError(f'there is no profile "{profile}"; {hint}')


def _read(
    source: Source, importers: Sequence[Importer], profile: str | None, keep_entries: bool, known: Reading
) -> Reading:
    """The reading of one source; the format is noted in `known` before anything can go wrong. Raises Refused."""
    place = Place(source.name)
    if not source.size:
        raise Refused([Finding("empty", "the file holds no bytes", place)])
    head = head_of(source)
    importer, known.format = _recognised(head, importers, profile)
    if source.size > SIZE_MAX and known.format not in STREAMED_FORMATS:
        what = f"the file has {source.size:,} bytes; more than {SIZE_MAX:,} are read of a canonical CSV only"
        raise Refused([Finding("too_large", what, place)])
    if importer is None:
        raise Refused([finding_about_unrecognised(head, place)])
    used = profile if profile in importer.PROFILES else None
    reading = importer.read(source, keep_entries, used)
    if used != profile:
        what = f'the profile "{profile}" is not for {reading.format}; the file was read without it'
        reading.warnings.append(Finding("profile_not_used", what, place))
    reading.warnings, reading.quarantined = advised(reading.warnings), advised(reading.quarantined)
    return reading


def _recognised(head: Head, importers: Sequence[Importer], profile: str | None) -> tuple[Importer | None, str | None]:
    """The importer for the content and the format it sees; an importer chosen by profile sees none by itself."""
    for importer in importers:
        recognised = importer.recognise(head)
        if recognised is not None:
            return importer, recognised
    return next((importer for importer in importers if profile in importer.PROFILES), None), None


def _fault(source: Source, fault: Exception) -> Finding:
    where = f"{type(fault).__name__} at {place_of(fault)}"
    return Finding("reader_fault", f"tieout itself failed on this file ({where})", Place(source.name), str(fault))


def advised(findings: Sequence[Finding]) -> list[Finding]:
    """The findings with what to do about them, from the catalogue where they bring no advice of their own."""
    return [finding if finding.advice else replace(finding, advice=advice_on(finding.code)) for finding in findings]
