"""Import of listening tables and exports as candidates, and their removal."""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rich.console import Console

from matcher.domain.listening import Listening, Source
from matcher.domain.shown import LEAST, n_evidence
from matcher.errors import ModelMissing, SettingsError
from matcher.matching.service import Imported, ProfileBatch
from matcher.ports import Account, Progress
from sources.attributes import read_attributes
from towers.features.vocabulary import Field
from wiring.bootstrap import Application, application
from wiring.jobs.file_kind import FileKind
from wiring.jobs.progress import bar, share_bar
from wiring.jobs.spotify_ids import spotify_ids_in
from wiring.jobs.tables import problems, read_files, tell

_LOOK_EVERY_S = 0.2
_OF_EXPORTS = (Source.SPOTIFY_EXPORT, Source.LISTENBRAINZ, Source.LASTFM, Source.FILE)


def import_tables(
    files: list[Path],
    attributes: Path | None,
    tags: Path | None,
    source: Source,
    local_accounts: bool,
    console: Console,
    wait_s: float = 0.0,
    kind: FileKind = FileKind.AUTO,
    listener_id: str = "",
) -> int:
    """Import listening tables, or one listener's exports, as discoverable candidates; return their number.

    `attributes` are also kept for later look-ups. With `local_accounts` these listeners are accounts of the
    local Spotify: who signs in as one becomes that listener, instead of being matched with it. `wait_s` is
    the longest wait for a model in training, in seconds. `listener_id` names the listener of an export.

    Raises:
        InputError: a file is malformed.
        SettingsError: `local_accounts` in live mode.
        ModelMissing: there is no model, and none came in time.
    """
    app = application()
    if local_accounts and not app.settings.demo:
        raise SettingsError("--local-accounts belongs to the local Spotify; EARSHOT_MODE is live")
    with share_bar(console, "Reading files") as advance:
        tables = read_files(files, tags, source, kind, listener_id, advance)
    tell(tables.skipped, console)
    if attributes:
        _keep_attributes(app, attributes, console)
    batches = app.service.profiles_of(tables.listenings)
    if wait_s:  # use the wait; without one, batch by batch takes less memory
        batches = iter(list(batches))
    await_model(app, wait_s)
    return _import(app, tables.listenings, batches, local_accounts, console)


def report_tables(
    files: list[Path], tags: Path | None, source: Source, kind: FileKind, listener_id: str, console: Console
) -> int:
    """Print what an import of tables or exports would store, which is nothing yet.

    Raises:
        InputError: a file is malformed.
    """
    app = application()
    with share_bar(console, "Reading files") as advance:
        tables = read_files(files, tags, source, kind, listener_id, advance)
    tell(tables.skipped, console)
    # plays of a listener's own files are added up while they are read
    console.print(f"{sum(len(one.hearings) for one in tables.listenings):,} facts read")
    return report_on(app, app.service.profiles_of(tables.listenings), console)


def _keep_attributes(app: Application, path: Path, console: Console) -> None:
    table = read_attributes(path)
    tell(problems(path, table.problems), console)
    n_rows = app.attribute_store.add_attributes(table.rows)
    console.print(f"audio attributes of {n_rows:,} tracks kept")


def await_model(app: Application, wait_s: float) -> None:
    """Wait until there is a model to embed with.

    Raises:
        ModelMissing: none came within `wait_s` seconds.
        ModelBroken: there is one, but it is unusable.
    """
    until = time.monotonic() + wait_s
    while True:
        try:
            app.models.pipeline()
        except ModelMissing:
            if time.monotonic() >= until:
                raise
            time.sleep(_LOOK_EVERY_S)
        else:
            return


def _import(
    app: Application,
    rows: Sequence[Listening],
    batches: Iterable[ProfileBatch],
    local: bool,
    console: Console,
) -> int:
    with bar(console, "Embedding listeners", len(rows)) as advance:

        def report(progress: Progress) -> None:
            advance(progress.done)

        found = app.service.add_candidates(batches, _account_of(local), report)
    app.item_ids.keep_ids(spotify_ids_in(rows))
    tell_imported(found, console)
    return found.n_kept


def tell_imported(found: Imported, console: Console) -> None:
    """Print how many listeners were stored."""
    console.print(f"{found.n_findable:,} listeners can be found as matches")
    if n_small := found.n_kept - found.n_findable:
        console.print(f"kept, but not to be found with fewer than {LEAST} artists: {n_small:,}")


def report_on(app: Application, batches: Iterable[ProfileBatch], console: Console) -> int:
    """Print what an import would store, and how much of it the model knows; return how many listeners."""
    known = _known_artists(app)
    n_listeners = n_findable = 0
    plays = plays_known = 0.0
    for batch in batches:
        for _, profile in batch:
            n_listeners += 1
            n_findable += n_evidence(profile) >= LEAST
            plays += sum(profile.artists.values())
            plays_known += sum(n for key, n in profile.artists.items() if known and key in known)
    console.print(f"{n_listeners:,} listeners, of whom {n_findable:,} can be found as matches")
    if known is not None:
        share = plays_known / plays if plays else 0.0
        console.print(f"of what they hear, {share:.1%} is by the {len(known):,} artists that the model knows")
    console.print("nothing was stored (--dry-run)")
    return n_listeners


def _known_artists(app: Application) -> frozenset[str] | None:
    """Artists of the model; None without one."""
    try:
        artefact = app.models.shelf.get(app.model_version())
        return frozenset(artefact.maker.vocabulary.keys[Field.ARTIST])
    except ModelMissing:
        return None


def _account_of(local_accounts: bool) -> Callable[[Listening], Account]:
    def account(listening: Listening) -> Account:
        # listeners of exports have names of their own: the "7" of a table is somebody else
        other = "export" if listening.source in _OF_EXPORTS else "table"
        return Account(f"{'spotify' if local_accounts else other}:{listening.listener_id}")

    return account


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
