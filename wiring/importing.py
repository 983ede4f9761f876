"""From files to candidates in the database."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from matcher.errors import SettingsError
from matcher.listening import Listening, Source
from matcher.ports import Account, Progress
from sources.attributes import read_attributes
from wiring.build import Application, application
from wiring.progress import bar
from wiring.tables import problems, read_tables, tell


def import_tables(
    files: list[Path],
    attributes: Path | None,
    tags: Path | None,
    source: Source,
    local_accounts: bool,
    console: Console,
) -> int:
    """Import listening tables as discoverable candidates; how many listeners.

    Args:
        files: listening tables.
        attributes: table of audio attributes, kept for later look-ups as well.
        tags: table of tags on artists.
        source: what the listening counts as.
        local_accounts: whether these listeners are the accounts of the local Spotify, so that whoever
            signs in as one of them takes that listener over instead of being matched with it.
        console: where progress is shown.

    Raises:
        InputError: a file cannot be read as what it should be.
        SettingsError: local accounts in live mode.
        ModelMissing: there is no model to embed with.
    """
    app = application()
    if local_accounts and not app.settings.demo:
        raise SettingsError("--local-accounts belongs to the local Spotify; EARSHOT_MODE is live")
    tables = read_tables(files, tags, source)
    tell(tables.left_out, console)
    if attributes:
        _keep_attributes(app, attributes, console)
    return _import(app, tables.listenings, local_accounts, console)


def _keep_attributes(app: Application, path: Path, console: Console) -> None:
    table = read_attributes(path)
    tell(problems(path, table.problems), console)
    n_rows = app.attribute_store.add_attributes(table.rows)
    console.print(f"audio attributes of {n_rows:,} tracks kept")


def _import(app: Application, rows: Sequence[Listening], local: bool, console: Console) -> int:
    with bar(console, "Embedding listeners", len(rows)) as advance:

        def report(progress: Progress) -> None:
            advance(progress.done)

        count = app.service.import_candidates(rows, _account_of(local), report)
    console.print(f"{count:,} listeners can be found as matches")
    return count


def _account_of(local_accounts: bool) -> Callable[[Listening], Account]:
    prefix = "spotify" if local_accounts else "table"
    return lambda listening: Account(f"{prefix}:{listening.listener_id}")
