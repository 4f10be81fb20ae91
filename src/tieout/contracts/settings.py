"""The settings of one process: read once when it starts, the same for all it does."""

from dataclasses import dataclass, field

from tieout.kernel.errors import TieoutError

MEBIBYTE = 1024 * 1024


class SettingsError(TieoutError):
    """A setting of the process is unknown or has a value that it cannot have; the message says where."""

    code = "settings"

    def __init__(self, where: str, what: str, advice: str) -> None:
        self.where, self.what, self.advice = where, what, advice
        super().__init__(f"{where}: {what}; {advice}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSettings:
    """What a process is told by its surroundings.

    Every name can be given as `TIEOUT_` and the name in capitals, or in `tieout.toml`.
    """

    database: str = field(default="sqlite:///tieout.db", repr=False)  # may hold a password
    host: str = "127.0.0.1"
    port: int = 8000
    secret_key: str = field(default="", repr=False)  # base64 of 32 bytes; empty: a file beside the SQLite database
    json_bytes_max: int = 32 * MEBIBYTE  # of one JSON body
    upload_bytes_max: int = 512 * MEBIBYTE  # of one uploaded document
    session_idle_minutes: int = 60  # unused for so long, a session ends
    token_hours: int = 24  # how long tokens of faces that promise a day are good
    wrong_attempts_max: int = 5  # wrong passwords inside the window; then nothing is accepted until it has passed
    wrong_attempts_minutes: int = 15
    # Argon2id with one lane. 19 MiB and two passes are the least that the OWASP cheat sheet on password storage
    # advises: forty people who sign in at once stay under 1 GiB.
    password_memory_kibibytes: int = 19 * 1024
    password_passes: int = 2
    # Folders, with the system's separator between them, below which a connection may name one; a command on the machine
    # may name any.
    ledger_folders: str = ""
    # Whether calls of vendors' APIs are limited and misuse is locked out as their contracts say: on, or off for
    # benchmarks and tests.
    call_limits: str = "on"
    worker_threads: int = 2  # jobs at once, of `tieout worker` and of the worker inside `tieout serve`
    # So long a worker that is told to end waits for its jobs; less than the 10 seconds after which Docker kills it.
    worker_stop_seconds: int = 8


DEFAULT_SETTINGS = ProcessSettings()
