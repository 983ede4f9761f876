"""The command `earshot`: a module a command. Exit 0: done; 1: it failed; 2: usage error or unusable files."""

from wiring.cli import (  # noqa: F401 - importing one registers its command
    demo,
    doctor,
    embed,
    emulator,
    evaluate,
    feedback,
    import_tables,
    match,
    models,
    purge,
    reindex,
    serve,
    train,
)
from wiring.cli.app import cli, main

__all__ = ["cli", "main"]
