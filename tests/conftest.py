"""Settings that every test shares."""

import os

from hypothesis import settings

# The same examples on every run and every machine, and no clock: a slow machine proves nothing about a rule.
settings.register_profile("tieout", deadline=None, derandomize=True, database=None, print_blob=True)
# New examples each time, and many: HYPOTHESIS_PROFILE=explore make test
settings.register_profile("explore", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tieout"))

# The fixtures `store`, `context` and `clock`.
pytest_plugins = ["tests.given_store"]
