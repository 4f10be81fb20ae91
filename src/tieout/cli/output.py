"""Where answers and complaints go: standard output for the one, standard error for the other."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from tieout.kernel.errors import printable

if TYPE_CHECKING:
    from rich.console import RenderableType

# No line of an answer is longer, so that nothing is wrapped in a pipe.
PIPED_WIDTH = 10_000


def accept_every_character() -> None:
    """Let the standard streams replace what their encoding does not have, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def show(answer: "RenderableType") -> None:
    """Print an answer for people: as wide as the terminal, without colour and line breaks when it is piped."""
    from rich.console import Console

    piped = not sys.stdout.isatty()
    console = Console(width=PIPED_WIDTH if piped else None, markup=False, highlight=False, emoji=False)
    with console.capture() as captured:
        console.print(answer)
    text = captured.get()
    if piped:
        text = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
    write(text.encode(sys.stdout.encoding, errors="replace"))


def write(answer: bytes) -> None:
    """Put an answer on standard output; a reader that has gone away does not change the exit status."""
    with answer_stream() as stream:
        stream.write(answer)


@contextmanager
def answer_stream() -> Iterator[BinaryIO]:
    """Standard output for an answer in pieces; a reader that has gone away does not change the exit status."""
    try:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(messages: str) -> None:
    """Print messages on standard error, one per line, whatever characters a file's name holds."""
    for message in messages.splitlines():
        print(printable(message), file=sys.stderr)
