"""The command `tieout`."""

from collections.abc import Sequence

from tieout.cli.exit_status import INTERRUPTED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    arguments: what stands after `tieout`; those of this process when None.
    The commands are imported here, so that Ctrl-C ends also their loading without a traceback.
    """
    try:
        from tieout.cli.commands import run

        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
