"""Where the command line begins: Ctrl-C ends what is not loaded yet without a word."""

from __future__ import annotations

import signal
import sys

__all__ = ["main"]


def main() -> None:
    """Load the command line and run it."""
    interrupt = signal.getsignal(signal.SIGINT)
    if interrupt is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from reader.cli import main as run

    signal.signal(signal.SIGINT, interrupt)
    try:
        run()
    except KeyboardInterrupt:  # before or after a command, which says so itself
        sys.exit("\nAborted!")


if __name__ == "__main__":
    main()
