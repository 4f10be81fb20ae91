"""Triggers that refuse to change or delete facts, whoever asks the database to."""

from collections.abc import Iterator

from tieout.store.operational import FACTS
from tieout.store.sql.schema import DOCUMENT_BYTES, TABLES

FACT_TABLES = (*sorted(TABLES[noun].name for noun in FACTS), DOCUMENT_BYTES.name)


def trigger_statements(engine: str, tables: tuple[str, ...]) -> Iterator[str]:
    """What makes the triggers of these tables on `sqlite` or `postgresql`."""
    if engine == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION '% holds facts: rows are only ever added', TG_TABLE_NAME"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table in tables:
        if engine == "postgresql":
            yield (
                f"CREATE TRIGGER {table}_are_facts BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            continue
        for change in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_are_facts_{change.lower()} BEFORE {change} ON {table} BEGIN"
                f" SELECT RAISE(ABORT, '{table} holds facts: rows are only ever added'); END"
            )
