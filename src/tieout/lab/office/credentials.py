"""The credentials file of the demo: where every API is and how to get in."""

import os
from pathlib import Path
from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def write_credentials(file: Path, credentials: dict[str, Any]) -> None:
    """Write the file anew, readable for its owner alone: it holds passwords, if only the demo's. Raises OSError."""
    content = msgspec.json.format(_ENCODER.encode(credentials), indent=2) + b"\n"
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(content)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
