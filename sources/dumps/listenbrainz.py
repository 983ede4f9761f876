"""ListenBrainz' public dumps of listens, full and incremental.

https://listenbrainz.readthedocs.io/en/latest/users/listenbrainz-dumps.html: a tar archive, packed with zstd,
with `listens/YEAR/MONTH.listens` of one listen a line, of all users at once. The data are CC0. User names are
replaced by digests while lines are read; they are never written anywhere.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from matcher.domain.listening import Hearing, Listening, Part, PartStatus, Source
from matcher.errors import InputError
from sources.dumps.archives import UNREADABLE, Member, members, unreadable
from sources.dumps.sorting import SCHEMA, SortedPlays, listeners_in
from sources.scrobbles.listenbrainz import play_of
from spotify_client.parsing.fields import mapping, text

LISTENS = re.compile(r"(?:^|/)\d{4}/\d{1,2}\.listens$|^[^/]+\.listens$")
BLOCK_BYTES = 8 << 20
LONGEST_LINE = 1 << 20
"""Most bytes of one line; ListenBrainz takes no listen of more than ten thousand."""

_EARLIEST_S, _LATEST_S = 0, int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
_READ = pa.schema(
    {
        "user_name": pa.string(),
        "timestamp": pa.int64(),
        "listened_at": pa.int64(),
        "track_metadata": pa.struct(
            {
                "artist_name": pa.string(),
                "track_name": pa.string(),
                "additional_info": pa.struct({"artist_names": pa.list_(pa.string())}),
            }
        ),
    }
)
_PLAYS = pa.schema({"user": pa.string(), "artist": pa.string(), "title": pa.string(), "at_s": pa.int64()})

_In = TypeVar("_In")
_Out = TypeVar("_Out")
Look = Callable[[int, int], None]
"""Receives the number of new rows, and of bytes read by now; must return soon."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a dump.

    Attributes:
        n_rows: lines.
        left_out: lines that do not count, by reason.
    """

    n_rows: int
    left_out: Counter[str]


MALFORMED, INCOMPLETE = "malformed rows", "rows without listener, artist, track or time"


def listener_id_of(user_name: str) -> str:
    """The id that stands for a ListenBrainz user, whatever the case of the name.

    It is no secret of theirs: names and listens are public. But nobody meets the name in a table by chance.
    """
    return hashlib.sha256(f"listenbrainz {user_name.casefold()}".encode()).hexdigest()[:40]


def sort_listens(paths: Sequence[Path], plays: SortedPlays, look: Look | None = None) -> Reading:
    """First pass: sum the plays of all listeners. Members that were sorted before are passed over.

    Raises:
        InputError: a file is damaged, there are no listens, or most lines are malformed.
    """
    for member in members(paths, LISTENS):
        if member.name in plays.members:
            continue
        try:
            plays.finish(member.name, dict(_sort(member, plays, look)))
        except UNREADABLE as error:
            raise unreadable(paths[0], error) from error
    total: Counter[str] = Counter()
    for counts in plays.members.values():
        total.update(counts)
    n_rows = total.pop("rows", 0)
    if not n_rows:
        raise InputError(f"{paths[0].name}: it holds no listens/YEAR/MONTH.listens of ListenBrainz")
    if 2 * total[MALFORMED] > n_rows:
        raise InputError(f"{paths[0].name}: {total[MALFORMED]:,} of {n_rows:,} rows are malformed")
    return Reading(n_rows, total)


def listenings(bucket: pa.Table) -> Iterator[Listening]:
    """Second pass: each listener of a bucket, with one fact per track, in the mean month of its plays."""
    for listener_id, sums in listeners_in(bucket):
        hearings = tuple(
            Hearing(Part.PLAYS, artist, "", title, plays=float(n), heard_at_utc=_first_of(months // n))
            for artist, title, n, months in sums
        )
        yield Listening(listener_id, Source.LISTENBRAINZ, hearings, parts={Part.PLAYS: PartStatus.OK})


@lru_cache(maxsize=4096)
def _first_of(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)


def _sort(member: Member, plays: SortedPlays, look: Look | None) -> Counter[str]:
    counts: Counter[str] = Counter()
    for block in _ahead(_parse, _blocks(member.file)):
        counts.update(block.counts)
        plays.add(_as_sums(block.plays))
        if look:
            look(block.counts["rows"], member.position())
    return counts


@dataclass(frozen=True, slots=True)
class _Block:
    """Plays of a block of lines, columns of `_PLAYS`, and how many lines there were."""

    plays: pa.Table
    counts: Counter[str]


def _parse(block: tuple[bytes, int]) -> _Block:
    lines, n_lines = block
    found, n_malformed = _plays_in(lines) if lines else (_PLAYS.empty_table(), 1)
    n_incomplete = n_lines - found.num_rows - n_malformed
    return _Block(found, Counter({"rows": n_lines, MALFORMED: n_malformed, INCOMPLETE: n_incomplete}))


def _ahead(work: Callable[[_In], _Out], items: Iterator[_In]) -> Iterator[_Out]:
    """Results in order, while a thread works on the next item: Arrow parses without Python's lock."""
    with ThreadPoolExecutor(1) as pool:
        coming: Future[_Out] | None = None
        for item in items:
            started = pool.submit(work, item)
            if coming:
                yield coming.result()
            coming = started
        if coming:
            yield coming.result()


def _blocks(file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Whole lines in blocks of about `BLOCK_BYTES`, and how many; b"" for a line without an end."""
    rest = b""
    while piece := file.read(BLOCK_BYTES):
        lines, end, rest = (rest + piece).rpartition(b"\n")
        if end:
            yield lines + b"\n", lines.count(b"\n") + 1
        if len(rest) > LONGEST_LINE:
            yield b"", 1
            rest = _skip_line(file)
    if rest.strip():
        yield rest + b"\n", 1


def _skip_line(file: IO[bytes]) -> bytes:
    """Pass over the rest of a line; what follows it in its piece."""
    while piece := file.read(BLOCK_BYTES):
        _, end, rest = piece.partition(b"\n")
        if end:
            return rest
    return b""


def _plays_in(block: bytes) -> tuple[pa.Table, int]:
    """Plays with all they need, columns of `_PLAYS`, and the number of malformed lines."""
    try:
        rows = pa.json.read_json(
            pa.BufferReader(block),
            read_options=pa.json.ReadOptions(block_size=len(block)),
            parse_options=pa.json.ParseOptions(explicit_schema=_READ, unexpected_field_behavior="ignore"),
        )
    except pa.ArrowException:
        # some row has another type somewhere: row by row, only that one is lost
        return _one_by_one(block)
    metadata = rows["track_metadata"].combine_chunks()
    artist, title = (_trimmed(pc.struct_field(metadata, name)) for name in ("artist_name", "track_name"))
    names = pc.struct_field(metadata, ["additional_info", "artist_names"])
    at_s = pc.coalesce(rows["listened_at"].combine_chunks(), rows["timestamp"].combine_chunks())
    found = pa.table(
        [_trimmed(rows["user_name"].combine_chunks()), _first_artists(artist, names), title, at_s],
        schema=_PLAYS,
    )
    is_whole = pc.and_(pc.greater_equal(at_s, _EARLIEST_S), pc.less(at_s, _LATEST_S))
    for name in ("user", "artist", "title"):
        is_whole = pc.and_(is_whole, pc.greater(pc.utf8_length(found[name]), 0))
    return found.filter(pc.fill_null(is_whole, False)), 0


def _trimmed(texts: pa.Array) -> pa.Array:
    # cut as names of the API are
    return pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(texts), 0, 500)


def _first_artists(artist: pa.Array, names: pa.Array) -> pa.Array:
    """Of several artists the first one, as clients name them (`artist_names`); else as written."""
    several = pc.fill_null(pc.greater(pc.list_value_length(names), 1), False)
    places = pc.indices_nonzero(several)
    if not len(places):
        return artist
    firsts = [
        first if first and written and written.casefold().startswith(first.casefold()) else written
        for written, (first, *_) in zip(
            artist.take(places).to_pylist(), names.take(places).to_pylist(), strict=True
        )
    ]
    return pc.replace_with_mask(artist, several, pa.array(firsts, pa.string()))


def _one_by_one(block: bytes) -> tuple[pa.Table, int]:
    found, n_malformed = [], 0
    for line in block.splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            n_malformed += 1
            continue
        user, play = text(mapping(row).get("user_name")), play_of(row)
        if user and play and play.at_s is not None and _EARLIEST_S <= play.at_s < _LATEST_S:
            found.append((user, play.artist, play.title, play.at_s))
    columns = list(zip(*found, strict=True)) or [()] * len(_PLAYS)
    arrays = [pa.array(column, kind.type) for column, kind in zip(columns, _PLAYS, strict=True)]
    return pa.table(arrays, _PLAYS), n_malformed


def _as_sums(found: pa.Table) -> pa.Table:
    """Rows of `SCHEMA`, one per play."""
    when = pc.cast(found["at_s"], pa.timestamp("s"))
    months = pc.add(pc.multiply(pc.year(when), 12), pc.subtract(pc.month(when), 1))
    users = found["user"].combine_chunks().dictionary_encode()
    users = users.combine_chunks() if isinstance(users, pa.ChunkedArray) else users
    digests = pa.array([listener_id_of(name) for name in users.dictionary.to_pylist()], pa.string())
    listeners = digests.take(users.indices)
    ones = pa.repeat(pa.scalar(1, pa.int64()), found.num_rows)
    return pa.table([listeners, found["artist"], found["title"], ones, months], schema=SCHEMA)
