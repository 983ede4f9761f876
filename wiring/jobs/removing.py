"""Removal of imported listeners, all of one source."""

from rich.console import Console

from matcher.domain.listening import Source
from matcher.ports import Progress
from wiring.bootstrap import application


def remove_imported(source: Source, yes: bool, console: Console) -> int:
    """Erase the imported listeners of a source; return how many. Without `yes`, only say how many there are.

    Raises:
        StorageUnreachable: the database does not answer; those erased so far stay erased.
    """
    app = application()
    if not yes:
        n = app.service.store.n_imported(source)
        console.print(f"{n:,} imported listeners are from {source}; to erase them, add --yes")
        return 0
    with console.status("Removing listeners") as status:

        def report(progress: Progress) -> None:
            status.update(f"Removing listeners: {progress.done:,}")

        n_removed = app.service.remove_imported(source, report)
    console.print(f"{n_removed:,} imported listeners of {source} removed")
    return n_removed
