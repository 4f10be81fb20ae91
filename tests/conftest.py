"""Settings that every test shares."""

import os

import pytest
from hypothesis import settings

# The same examples on every run and every machine, and no clock: a slow machine proves nothing about a rule.
settings.register_profile("tieout", deadline=None, derandomize=True, database=None, print_blob=True)
# New examples each time, and many: HYPOTHESIS_PROFILE=explore make test
settings.register_profile("explore", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tieout"))

# The fixtures `store`, `context` and `clock`.
pytest_plugins = ["tests.given_store"]


# Where rules over a store are first told: the quick part runs these, on SQLite.
_QUICK = ("store", "services")
# Invariants that are searched for a way to break them; the examples beside the code tell the same rules at once.
_SEARCHING = "properties"
# These parse the whole project, so one process does it for all of them.
_TOGETHER = "house"


def pytest_collection_modifyitems(session: pytest.Session) -> None:
    """The quick part of the suite leaves out PostgreSQL, long searches, and what asks rules again through an API."""
    for test in session.items:
        if not isinstance(test, pytest.Function):
            continue
        if _folder(test) == _SEARCHING or _on_postgresql(test) or _through_an_api(test):
            test.add_marker(pytest.mark.slow)
        if _folder(test) == _TOGETHER:
            test.add_marker(pytest.mark.xdist_group(_TOGETHER))


def _folder(test: pytest.Function) -> str:
    return test.path.relative_to(test.config.rootpath / "tests").parts[0]


def _on_postgresql(test: pytest.Function) -> bool:
    parameters = getattr(test, "callspec", None)
    return parameters is not None and "postgresql" in parameters.params.values()


def _through_an_api(test: pytest.Function) -> bool:
    return _folder(test) not in _QUICK and not {"store", "office_context"}.isdisjoint(test.fixturenames)
