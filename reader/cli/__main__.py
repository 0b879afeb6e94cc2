"""`python -m reader.cli`: the same as `reader`."""

from reader.cli import main

main()
