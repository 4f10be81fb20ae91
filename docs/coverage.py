"""docs/coverage.md: every operation of every vendor's contract, ticked where tieout serves it.

A dialect lists the operations of its contract; the conformance suite asks the running application for each. Contracts
without a dialect yet are listed here, all of them unticked.
"""

from collections.abc import Sequence
from typing import cast

from tieout.contracts.dialect import Dialect, Operation
from tieout.kernel.registry import modules_in

INTRODUCTION = """# What is served of each vendor's API

Every operation of the contracts, ticked where tieout answers it as the vendor does. `make docs` writes this page from
the `OPERATIONS` of the packages under `src/tieout/dialects`, whose README files hold sources and deviations; the
conformance suite asks for every ticked one."""

_LATER = "comes with settlements and accounting sync"

AHEAD: dict[str, tuple[Operation, ...]] = {
    "monite": tuple(
        Operation(method, f"/v1{path}", purpose, _LATER)
        for method, path, purpose in (
            ("POST", "/auth/token", "access token"),
            ("POST", "/auth/revoke", "revoke a token"),
            ("GET", "/accounting_connections", "list connections"),
            ("POST", "/accounting_connections", "connect"),
            ("GET", "/accounting_connections/{id}", "one connection"),
            ("POST", "/accounting_connections/{id}/sync", "sync now"),
            ("POST", "/accounting_connections/{id}/disconnect", "disconnect"),
            ("GET", "/accounting_synced_records", "list synced records"),
            ("GET", "/accounting_synced_records/{id}", "one synced record"),
            ("POST", "/accounting_synced_records/{id}/push", "push again"),
            ("GET", "/accounting_tax_rates", "list tax rates"),
            ("GET", "/accounting_tax_rates/{id}", "one tax rate"),
            ("GET", "/ledger_accounts", "list ledger accounts"),
            ("GET", "/ledger_accounts/{id}", "one ledger account"),
            ("GET", "/accounting/payables", "payables of the accounting system"),
            ("GET", "/accounting/payables/{id}", "one payable"),
            ("GET", "/accounting/receivables", "receivables of the accounting system"),
            ("GET", "/accounting/receivables/{id}", "one receivable"),
            ("GET", "/entities/{id}/settings", "settings of an entity"),
            ("PATCH", "/entities/{id}/settings", "change settings of an entity"),
            ("GET", "/settings", "settings of the partner"),
            ("PATCH", "/settings", "change settings of the partner"),
        )
    ),
}


def coverage_page() -> str:
    """The whole page, a table for each vendor."""
    operations = dict(AHEAD)
    for module in modules_in("tieout.dialects"):
        dialect = cast("Dialect[object]", module)
        operations[str(dialect.FACE)] = tuple(dialect.OPERATIONS)
    parts = [INTRODUCTION, _summary(operations)]
    parts += [_section(vendor, operations[vendor]) for vendor in sorted(operations)]
    return "\n\n".join(parts) + "\n"


def _summary(operations: dict[str, tuple[Operation, ...]]) -> str:
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
