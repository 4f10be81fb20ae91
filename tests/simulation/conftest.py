"""What the judge of the simulation finds is shown with its values, as in a test."""

import pytest

pytest.register_assert_rewrite("tests.simulation")
