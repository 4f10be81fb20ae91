"""The one SQL engine of the store, over SQLite and PostgreSQL: only `tieout.app` may name it."""
