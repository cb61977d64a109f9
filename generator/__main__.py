"""`python -m generator` is the command `outages`."""

from generator.cli import main

main()
