"""Walking through the pages of a platform, which may be wrong about where they end."""

from collections.abc import Iterator

from tieout.contracts.platform import PlatformFault, PlatformSession, PulledPage

# Fewer than a thousand keep each transaction short; more than a hundred keep the calls few.
PAGE = 500
# A page in each of which nothing new is said is a circle; so is a list without an end.
PAGES_MAX = 100_000


def pages_of(session: PlatformSession, object_type: str, cursor: str, limit: int = PAGE) -> Iterator[PulledPage]:
    """The pages behind a cursor, each going on from where the one before it ended.

    Raises PlatformFault: as the platform, and malformed where a page says that there is more and does not go on, where
    it holds an object of another type or without an id, or the same object twice.
    """
    seen = {cursor}
    for _ in range(PAGES_MAX):
        page = session.pull(object_type, cursor, limit)
        _require_whole(object_type, page)
        if page.more and (not page.objects or page.cursor in seen):
            raise PlatformFault("malformed", f"the list of {object_type}s does not go on: the same place comes again")
        yield page
        if not page.more:
            return
        cursor = page.cursor
        seen.add(cursor)
    raise PlatformFault("malformed", f"the list of {object_type}s does not end after {PAGES_MAX} pages")


def _require_whole(object_type: str, page: PulledPage) -> None:
    ids = [each.platform_object_id for each in page.objects]
    if len(set(ids)) != len(ids):
        raise PlatformFault("malformed", f"the list of {object_type}s holds one object twice")
    for each in page.objects:
        if each.object_type != object_type or not each.platform_object_id:
            named = each.platform_object_id or "without an id"
            raise PlatformFault("malformed", f"the list of {object_type}s holds a {each.object_type} {named}")
