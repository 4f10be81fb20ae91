"""Finds the parts of one kind: every module of a package that is not private.

Adding a bank format, a matcher or an exporter is adding one file; nothing lists them by hand.
"""

import importlib
import pkgutil
from functools import cache
from types import ModuleType


@cache
def modules_in(package: str) -> tuple[ModuleType, ...]:
    """The modules directly inside `package`, in name order; names that begin with an underscore are helpers."""
    parent = importlib.import_module(package)
    names = sorted(found.name for found in pkgutil.iter_modules(parent.__path__) if not found.name.startswith("_"))
    return tuple(importlib.import_module(f"{package}.{name}") for name in names)
