"""`python -m wiring.cli`."""

from wiring.cli import main

main()
