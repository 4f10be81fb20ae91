"""What a command asks for that must not stand on its line: passwords and other secrets."""

import sys

import typer


def asked(what: str) -> str:
    """A text that no process list and no history shows: typed unseen, twice, or the first line of standard input."""
    if sys.stdin.isatty():
        text: str = typer.prompt(what, hide_input=True, confirmation_prompt=True, err=True)
        return text
    return sys.stdin.readline().rstrip("\r\n")
