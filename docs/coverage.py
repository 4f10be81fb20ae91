"""docs/coverage.md: every operation of every vendor's contract, ticked where tieout serves it.

A dialect lists the operations of its contract; the conformance suite asks the running application for each.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from tieout.contracts.dialect import Dialect, Operation
from tieout.kernel.registry import modules_in

INTRODUCTION = """# What is served of each vendor's API

Every operation of the contracts, ticked where tieout answers it as the vendor does. `make docs` writes this page from
the `OPERATIONS` of the packages under `src/tieout/dialects`, whose README files hold sources and deviations; the
conformance suite asks for every ticked one."""


def coverage_page() -> str:
    """The whole page, a table for each vendor."""
    operations: dict[str, Sequence[Operation]] = {}
    for module in modules_in("tieout.dialects"):
        dialect = cast("Dialect[object]", module)
        operations[str(dialect.FACE)] = tuple(dialect.OPERATIONS)
    parts = [INTRODUCTION, _summary(operations)]
    parts += [_section(vendor, operations[vendor]) for vendor in sorted(operations)]
    return "\n\n".join(parts) + "\n"


def _summary(operations: Mapping[str, Sequence[Operation]]) -> str:
    rows = ["| vendor | served | of |", "|---|---|---|"]
    for vendor in sorted(operations):
        served = sum(not operation.why_not for operation in operations[vendor])
        rows.append(f"| {vendor} | {served} | {len(operations[vendor])} |")
    return "\n".join(rows)


def _section(vendor: str, operations: Sequence[Operation]) -> str:
    rows = [f"## {vendor.capitalize()}", "", "| served | operation | what it does | why not |", "|---|---|---|---|"]
    for operation in operations:
        tick = " " if operation.why_not else "✓"
        rows.append(f"| {tick} | `{operation.method} {operation.path}` | {operation.purpose} | {operation.why_not} |")
    return "\n".join(rows)
