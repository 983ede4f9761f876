"""The command `earshot`: one module per command."""

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
