"""From files to a trained model."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from matcher.domain.audio import AudioAttributes
from matcher.domain.canonical_keys import keys_of
from matcher.domain.library import Library, build_profile
from matcher.domain.listening import Listening, Source, require_trainable
from matcher.domain.profile import ListenerProfile
from matcher.errors import InputError
from matcher.ports import Progress, ScoredPair, TrainingLibraries, lookup_keys
from matcher.taste.merging import merged
from sources.attributes import read_attributes, read_pairs
from spotify_client.library.audio_features import PROVENANCE as OF_SPOTIFY
from towers.native_log import without_notices
from wiring.checks import require_writable_folder
from wiring.jobs.progress import bar
from wiring.jobs.tables import problems, read_tables, tell

if TYPE_CHECKING:
    from towers.config import TowerConfig

CONSENT = "consent of the listener"
LONGEST_CONFIG = 100_000  # characters of a configuration; real ones have about two thousand


@dataclass(frozen=True, slots=True)
class Corpus:
    """Training data read from files."""

    profiles: tuple[ListenerProfile, ...]
    artist_tags: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # by canonical artist key
    attributes: Mapping[str, AudioAttributes] = field(default_factory=dict)  # by canonical track key
    skipped: tuple[str, ...] = ()  # skipped rows, a line per file

    def beside(self, other: "Corpus") -> "Corpus":
        """Both together; of what both know, this one's counts."""
        return Corpus(
            self.profiles + other.profiles,
            {**other.artist_tags, **self.artist_tags},
            {**other.attributes, **self.attributes},
            self.skipped + other.skipped,
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """Who agreed to be trained on, and the licence of the tables.

    Attributes:
        n_by_source: how many listeners agreed, by source; who agreed for two counts in both.
    """

    agreed: Corpus = field(default_factory=lambda: Corpus(()))
    n_by_source: Mapping[str, int] = field(default_factory=dict)
    licence: str = "not stated"


class TableAttributes:
    """Audio attributes from a table in memory: the AttributeProvider of bulk work."""

    def __init__(self, rows: Mapping[str, AudioAttributes]) -> None:
        self._rows = rows
        self.found: dict[str, AudioAttributes] = {}  # all attributes returned so far, by canonical track key

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        """Known attributes of the tracks in `listening`, by canonical track key."""
        if not self._rows:
            return {}
        here: dict[str, AudioAttributes] = {}
        for hearing in listening.hearings:
            _, track = keys_of(hearing)
            known = self.found.get(track) or self._look_up(track, hearing.track_id, hearing.isrc)
            if track and known:
                here[track] = self.found[track] = known
        return here

    def _look_up(self, track: str, track_id: str, isrc: str) -> AudioAttributes | None:
        keys = lookup_keys(track, track_id, isrc)
        return next((self._rows[key] for key in keys if key in self._rows), None)


def read_corpus(
    listening: Sequence[Path],
    attributes: Path | None = None,
    tags: Path | None = None,
    source: Source = Source.TABLE,
    *,
    single_taggers: bool = True,
) -> Corpus:
    """Read listeners from files and build their profiles.

    Tags of one tagger (n = 1) are used only with `single_taggers`.

    Raises:
        InputError: a table is malformed.
    """
    tables = read_tables(listening, tags, source, single_taggers=single_taggers)
    provider, refused = _attributes(attributes)
    profiles = tuple(build_profile(one, provider.attributes(one)) for one in tables.listenings)
    return Corpus(profiles, tables.artist_tags, provider.found, tables.skipped + refused)


def agreed_terms(stored: TrainingLibraries) -> Terms:
    """Profiles of the listeners who agreed, each of the sources they agreed to, without what they leave out.

    Raises:
        UntrainableSource: a library is of Spotify's Web API.
    """
    profiles: list[ListenerProfile] = []
    artist_tags: dict[str, Mapping[str, float]] = {}
    attributes: dict[str, AudioAttributes] = {}
    counts: Counter[str] = Counter()
    for one in stored.agreed():
        libraries = [_without_web_api(library) for library in one.libraries]
        for library in libraries:
            artist_tags.update(library.artist_tags)
            attributes.update(library.attributes)
        counts.update({str(library.source) for library in libraries})
        if own := merged(libraries):
            profiles.append(own.without(one.exclusions))
    return Terms(Corpus(tuple(profiles), artist_tags, attributes), dict(sorted(counts.items())))


def _without_web_api(library: Library) -> Library:
    """The library without what Spotify's Web API said of its tracks.

    Raises:
        UntrainableSource: all of it is of the Web API.
    """
    require_trainable(library.source)
    known = library.attributes.items()
    return replace(library, attributes={key: one for key, one in known if one.provenance != OF_SPOTIFY})


def provenance(n_of_tables: int, terms: Terms) -> list[dict[str, object]]:
    """What a model was trained on: of each source how many listeners, and on what terms."""
    of_tables = {"source": str(Source.TABLE), "listeners": n_of_tables, "licence": terms.licence}
    return [of_tables] * bool(n_of_tables) + [
        {"source": source, "listeners": n, "licence": CONSENT} for source, n in terms.n_by_source.items()
    ]


@without_notices()
def train_model(
    listening: Sequence[Path],
    out: Path,
    attributes: Path | None,
    tags: Path | None,
    seed: int | None,
    config_file: Path | None,
    console: Console,
    pairs: Path | None = None,
    terms: Terms | None = None,
) -> str:
    """Train on files and on listeners who agreed, write the artefact and return its model version.

    Raises:
        InputError: a file is malformed or holds no music, or `out` cannot be written.
    """
    from towers.serving.artefact import save_artefact
    from towers.training.splits import ItemMetadata
    from towers.training.train_model import train_bundle

    require_writable_folder(out)
    config = read_config(config_file, seed)
    friends = _friends(pairs)
    terms = terms or Terms()
    tables = read_corpus(listening, attributes, tags)
    tell(tables.skipped, console)
    corpus = tables.beside(terms.agreed)
    with bar(console, f"Training on {len(corpus.profiles):,} listeners", config.epochs) as advance:

        def report(progress: Progress) -> None:
            advance(progress.done, progress.total)

        metadata = ItemMetadata(corpus.artist_tags, corpus.attributes)
        artefact = train_bundle(corpus.profiles, config, metadata, report, friends)
    data = provenance(len(tables.profiles), terms)
    version = save_artefact(artefact.with_metrics(data=data), out)
    for line in data:
        told = "{listeners:,} listeners of {source} (licence: {licence})".format_map(line)
        console.print(told, markup=False)
    if friends:
        console.print(f"{artefact.metrics['n_pairs']:,} pairs of {len(friends):,} rows used", markup=False)
    console.print(f"model {version} written to {out}", markup=False)
    warn_of_shares(artefact.metrics["shares"], console, has_audio=bool(corpus.attributes))
    return version


def warn_of_shares(shares: Mapping[str, float], console: Console, *, has_audio: bool) -> None:
    """Warn if the towers or the audio carry too little of what is shown."""
    from towers.training.shares import FLOORS, below_floor

    for name in below_floor(shares, has_audio=has_audio):
        console.print(
            f"warning: the share of {name} in what is shown is {shares[name]:.0%}, below {FLOORS[name]:.0%}",
            markup=False,
        )


def read_config(file: Path | None, seed: int | None) -> "TowerConfig":
    """Configuration of the towers, from a file or the defaults; `seed` overrides.

    Raises:
        InputError: the file or the seed is invalid.
    """
    from towers.config import TowerConfig

    try:
        config = TowerConfig.from_json(_short_text(file)) if file else TowerConfig()
        return config if seed is None else replace(config, seed=seed)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file.name if file else 'seed'}: {error}") from error


def _short_text(file: Path) -> str:
    with file.open(encoding="utf-8") as content:
        text = content.read(LONGEST_CONFIG + 1)
    if len(text) > LONGEST_CONFIG:
        raise ValueError("is too long for a configuration")
    return text


def _friends(path: Path | None) -> list[ScoredPair]:
    return list(read_pairs(path)) if path else []


def _attributes(path: Path | None) -> tuple[TableAttributes, tuple[str, ...]]:
    if path is None:
        return TableAttributes({}), ()
    table = read_attributes(path)
    rows = {key: values for keys, values in table.rows for key in keys}
    return TableAttributes(rows), problems(path, table.problems)
