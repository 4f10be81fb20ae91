"""A real server on loopback, for clients that speak HTTP as a vendor's users do."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp


@contextmanager
def serving(application: ASGIApp) -> Iterator[str]:
    """Serve an application until the block ends; gives the address, without a slash at its end.

    The socket listens before the server runs, so that a client that comes early waits in line.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, log_level="critical", lifespan="off", ws="none"))
    running = threading.Thread(target=server.run, args=([listening],), daemon=True)
    running.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        running.join(10)
        listening.close()
