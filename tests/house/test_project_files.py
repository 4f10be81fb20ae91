"""The way from a fresh machine to a running tieout stays short, pinned and told in one place."""

import re
import tomllib

from tests.house.sources import require_none, text_of

MAKE_TARGETS_MAX = 12


def unexplained_targets(makefile: str) -> list[str]:
    """Targets that a user may type and `make help` does not explain."""
    targets = re.findall(r"^([a-z]+):(?!=)(.*)$", makefile, re.MULTILINE)
    internal = {"moved"}
    return [
        f"Makefile: {name} needs a line after ##"
        for name, rest in targets
        if "## " not in rest and name not in internal
    ]


def unpinned(required: set[str], lock: str) -> list[str]:
    """Required packages that the lock does not pin, and pinned ones without a hash."""
    blocks = re.findall(r"^([\w.-]+)==\S+[^\n]*\n((?:    .*\n)*)", lock, re.MULTILINE)
    pinned = {name for name, _ in blocks}
    faults = [f"requirements.lock: {name} is not pinned; run `make lock`" for name in sorted(required - pinned)]
    return faults + [
        f"requirements.lock: {name} has no hash; run `make lock`" for name, rest in blocks if "--hash=" not in rest
    ]


def _required() -> set[str]:
    project = tomllib.loads(text_of("pyproject.toml"))
    rows = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
    ]
    return {re.split(r"[^\w.-]", row)[0].lower().replace("_", "-") for row in rows}


def test_a_target_without_a_word_for_the_user_is_found() -> None:
    assert unexplained_targets("setup: x ## make it\nship:\n\ttrue\n") == ["Makefile: ship needs a line after ##"]


def test_a_package_that_is_not_pinned_or_has_no_hash_is_found() -> None:
    lock = "lxml==6.1.3 \\\n    --hash=sha256:00\n    # via tieout\nrich==15.0.0\n"

    assert unpinned({"lxml", "typer"}, lock) == [
        "requirements.lock: typer is not pinned; run `make lock`",
        "requirements.lock: rich has no hash; run `make lock`",
    ]


def test_make_has_few_targets_and_explains_each() -> None:
    makefile = text_of("Makefile")

    assert makefile.count("## ") <= MAKE_TARGETS_MAX
    require_none(unexplained_targets(makefile))


def test_every_package_is_pinned_with_its_hashes() -> None:
    require_none(unpinned(_required(), text_of("requirements.lock")))


def test_continuous_integration_runs_what_a_developer_runs() -> None:
    commands = [line for line in text_of(".ci/run").splitlines() if line and not line.startswith(("#", "set ", "cd "))]

    assert commands == ["make test"]


def test_the_hooks_of_a_commit_fetch_nothing() -> None:
    repositories = re.findall(r"repo: (\S+)", text_of(".pre-commit-config.yaml"))

    assert repositories == ["local"]
