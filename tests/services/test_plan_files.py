"""Plans by name and by path."""

from pathlib import Path

import pytest

from tieout.app import matchers
from tieout.domain.plans import Plan, PlanError
from tieout.kernel.errors import UsageError
from tieout.services.files.plan_files import plan_names, plan_text, read_plan


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(named: str) -> Plan:
    """The plan of this name or path."""
    return read_plan(named, tuple(matchers()))


def test_every_plan_that_comes_with_tieout_can_be_used_and_bears_its_own_name() -> None:
    assert "default" in plan_names()
    assert [read(name).name for name in plan_names()] == list(plan_names())


def test_a_copy_of_a_plan_is_the_same_plan() -> None:
    Path("ours.toml").write_text(plan_text("default"), "utf-8")

    assert read("ours.toml").sha256 == read("default").sha256


def test_a_file_comes_before_a_plan_of_the_same_name() -> None:
    Path("default").write_text('name = "ours"\n[[pass]]\nmatcher = "transfer"\n', "utf-8")

    assert read("default").name == "ours"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("latin.toml", 'name = "Ø"'.encode("latin-1"), "latin.toml: not UTF-8; save it again as UTF-8"),
        ("bad.toml", b"name =", "bad.toml: not valid TOML: "),
        ("bad.toml", b'name = "x"\n[[pas]]\n', "bad.toml: unknown key 'pas'; did you mean \"pass\"?"),
        ("folder", None, "folder: it cannot be read (Is a directory); name a plan file"),
    ],
)
def test_a_file_that_is_no_plan_says_why(name: str, content: bytes | None, said: str) -> None:
    if content is None:
        Path(name).mkdir()
    else:
        Path(name).write_bytes(content)

    with pytest.raises(PlanError) as raised:
        read(name)

    assert str(raised.value).startswith(said)


def test_an_unknown_name_says_the_nearest_one() -> None:
    with pytest.raises(PlanError, match=r'^defautl: there is no such plan; did you mean "default"\?$'):
        read("defautl")
    with pytest.raises(UsageError, match=r'^there is no plan "defautl"; did you mean "default"\?$'):
        plan_text("defautl")
