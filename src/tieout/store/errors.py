"""What can go wrong with what is kept: exceptions with a stable code, whatever engine raised them."""

from tieout.kernel.errors import TieoutError


class Conflict(TieoutError):
    """A key or constraint forbids what a transaction wanted to write; nothing of the transaction is left."""

    code = "conflict"

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"this cannot be kept beside what is kept already: {what}")


class CannotKeep(TieoutError):
    """A value that no column can hold: a NUL or half a surrogate pair in a text, a number beyond 64 bits."""

    code = "cannot_keep"

    def __init__(self, column: str, why: str) -> None:
        self.column, self.why = column, why
        super().__init__(f"{column} cannot be kept: {why}")


class SchemaNewer(TieoutError):
    """The database was migrated by a newer program."""

    code = "schema_newer"

    def __init__(self, found: str, known: str) -> None:
        self.found, self.known = found, known
        super().__init__(
            f"the database has schema {found}, this program knows schemas up to {known}; "
            "install the newer tieout that migrated it, or point to another database"
        )


class SchemaMissing(TieoutError):
    """The database was not migrated to what this program needs."""

    code = "schema_missing"

    def __init__(self, found: str, needed: str) -> None:
        self.found, self.needed = found, needed
        super().__init__(
            f"the database has schema {found or 'none'}, this program needs {needed}; run `tieout migrate`"
        )


class StoreUnreachable(TieoutError):
    """The database does not answer, or its address is none that tieout knows."""

    code = "store_unreachable"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"the database cannot be reached: {why}")
