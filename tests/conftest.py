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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick part of the suite leaves out PostgreSQL, and what asks the same rules again through an API."""
    for item in items:
        if isinstance(item, pytest.Function) and (_on_postgresql(item) or _through_an_api(item)):
            item.add_marker(pytest.mark.slow)


def _on_postgresql(item: pytest.Function) -> bool:
    parameters = getattr(item, "callspec", None)
    return parameters is not None and "postgresql" in parameters.params.values()


def _through_an_api(item: pytest.Function) -> bool:
    folder = item.path.relative_to(item.config.rootpath / "tests").parts[0]
    return folder not in _QUICK and "store" in item.fixturenames
