"""Finds plans: those that come with tieout, by name, and those of users, by path."""

from collections.abc import Sequence
from pathlib import Path

from tieout.domain.plans import Plan, PlanError
from tieout.kernel.errors import UsageError
from tieout.kernel.names import did_you_mean
from tieout.services.files.plans import plan_of

DEFAULT = "default"

_FOLDER = Path(__file__).parents[2] / "plans"


def plan_names() -> tuple[str, ...]:
    """The plans that come with tieout, in name order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def plan_text(name: str) -> str:
    """The TOML of a plan that comes with tieout. Raises UsageError with the nearest name."""
    if name not in plan_names():
        raise UsageError(f'there is no plan "{name}"; {did_you_mean(name, plan_names())}')
    return (_FOLDER / f"{name}.toml").read_text("utf-8")


def read_plan(named: str, matchers: Sequence[str]) -> Plan:
    """The plan at a path or, where no file is there, the one of that name that comes with tieout.

    matchers: names of the matchers there are. Raises PlanError, which says where and what to write instead.
    """
    path = Path(named)
    if not path.exists() and named in plan_names():
        return plan_of(plan_text(named), f"{named}.toml", matchers)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise PlanError(f"{named}: there is no such plan; {did_you_mean(named, plan_names())}") from None
    except UnicodeDecodeError:
        raise PlanError(f"{named}: not UTF-8; save it again as UTF-8") from None
    except OSError as error:
        raise PlanError(f"{named}: it cannot be read ({error.strerror or error}); name a plan file") from None
    return plan_of(text, named, matchers)
