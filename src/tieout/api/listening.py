"""Serving an application over HTTP until somebody ends it."""

import gc
import signal
import socket
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

# Requests that are still running when the server is told to end get this long.
_GRACE_SECONDS = 10
# More connections wait in line than any test of ours opens at once.
_BACKLOG = 512


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that takes connections from now on; port 0 lets the system choose. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)


def serve_until_ended(application: ASGIApp, listening: socket.socket) -> None:
    """Answer requests until Ctrl-C (KeyboardInterrupt, as always) or SIGTERM (returns); what runs is finished first."""
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            lifespan="off",
            ws="none",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    # What is there when requests begin stays for good: looking through it again and again for what could be collected
    # cost 85 ms in every second call of 10,000 lines.
    gc.collect()
    gc.freeze()
    # uvicorn ends gracefully on both signals and then raises them again for whoever listened before it.
    before = signal.signal(signal.SIGTERM, _ended)
    try:
        server.run(sockets=[listening])
    except SystemExit as ended:
        if ended.code:
            raise
    finally:
        signal.signal(signal.SIGTERM, before)


def _ended(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
