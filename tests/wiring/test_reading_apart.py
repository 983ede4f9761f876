"""What the server takes from the process that reads uploads: it is not trusted."""

import io
import json
import os
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from matcher.domain.listening import Hearing, Listening, Part, PartStatus, Source
from matcher.errors import InputError
from matcher.ports import silent
from sources.exports.plays import DAY_S, Moment, Plays
from wiring.doors import listening_messages, reading_apart
from wiring.doors.listening_messages import Received, TooMuch, encoded, message, parsed
from wiring.doors.reading_apart import read_apart

MONTH = datetime(2020, 1, 1, tzinfo=UTC)
MONTH_S = int(MONTH.timestamp())
FACTS = (
    Hearing(Part.PLAYS, "Löw", "a1", "Wörds", "t1", "GBABC2000001", plays=2.5, heard_at_utc=MONTH),
    Hearing(Part.PLAYLISTS, "Can", facet_id="p1", facet_name="Dawn", release_year=1971),
)
LISTENING = Listening(
    "",
    Source.FILE,
    FACTS * 1500,
    {"low": {"slowcore": 1.0}},
    {Part.PLAYS: PartStatus.OK},
    service="Deezer",
    unbroken={"can": 9},
)


def received(messages):
    found = Received()
    for data in messages:
        kind, value = parsed(data)
        if kind == "end":
            return found.listening(value)
        take = found.take_plays if kind == "plays" else found.take
        take(value, len(data))
    raise AssertionError("it has no end")


def test_a_listening_arrives_as_it_was():
    messages = list(encoded(LISTENING))
    assert len(messages) == 4
    assert received(messages) == LISTENING


def test_plays_in_columns_arrive_as_they_were():
    plays = Plays()
    for day in range(300):
        plays.add("Löw", "Wörds" if day % 2 else "Sunflower", "", Moment(MONTH_S + day * DAY_S, 1), 0.5)
    listening = replace(LISTENING, hearings=plays.facts().plus(FACTS))
    messages = list(encoded(listening))
    assert len(messages) == 3
    assert received(messages) == listening


@pytest.mark.parametrize(("name", "most"), [("MOST_FACTS", 2999), ("MOST_BYTES", 10_000)])
def test_more_than_is_taken_is_refused(monkeypatch, name, most):
    monkeypatch.setattr(listening_messages, name, most)
    with pytest.raises(TooMuch):
        received(encoded(LISTENING))


def test_a_history_of_five_million_plays_is_taken():
    n_tracks, n_months, n_plays = 20_000, 120, 5_000_000
    largest = min(n_plays, n_tracks * n_months)
    assert largest <= listening_messages.MOST_FACTS
    n_bytes = len(message("facts", [listening_messages._fact(FACTS[0])] * 1000)) / 1000
    assert largest * n_bytes <= listening_messages.MOST_BYTES


@pytest.mark.parametrize(
    "facts",
    [
        [["plays", 1.0, None, None]],
        [["plays", "x", None, None, "Low", "", "", "", "", "", ""]],
        [["nothing", 1.0, None, None, "Low", "", "", "", "", "", ""]],
        [["plays", 1.0, None, None, {"a": 1}, "", "", "", "", "", ""]],
        [["plays", 1.0, None, None, "x" * 9999, "", "", "", "", "", ""]],
        [["plays", 1.0, "then", None, "Low", "", "", "", "", "", ""]],
        [["plays", 1.0, None, "1971", "Low", "", "", "", "", "", ""]],
        5,
        None,
    ],
)
def test_what_is_no_fact_is_refused(facts):
    with pytest.raises((ValueError, TypeError)):
        Received().take(facts, 10)


@pytest.mark.parametrize(
    "tracks",
    [
        [["Low", "Words", "", [24240], [1.0, 2.0]]],
        [["Low", "Words", "", [], []]],
        [["", "Words", "", [24240], [1.0]]],
        [["Low", "Words", "", [5], [1.0]]],
        [["Low", "Words", "", [99999], [1.0]]],
        [["Low", "Words", "", [24240.5], [1.0]]],
        [["Low", "Words", "", ["x"], [1.0]]],
        [["Low", "Words", "", [24240], [0.0]]],
        [["Low", "Words", "", [24240], [-1.0]]],
        [["Low", "Words", "", [24240], [float("nan")]]],
        [["Low", "Words", "", [24240], [1e10]]],
        [["x" * 9999, "Words", "", [24240], [1.0]]],
        [["Low", "Words"]],
        5,
        None,
    ],
)
def test_what_are_no_plays_is_refused(tracks):
    with pytest.raises((ValueError, TypeError, LookupError)):
        Received().take_plays(tracks, 10)


def test_more_plays_than_are_taken_are_refused(monkeypatch):
    monkeypatch.setattr(listening_messages, "MOST_FACTS", 3)
    received = Received()
    received.take_plays([["Low", "Words", "", [24240, 24241], [1.0, 1.0]]], 10)
    with pytest.raises(TooMuch):
        received.take_plays([["Can", "Mushroom", "", [24240, 24241], [1.0, 1.0]]], 10)


class _Harmful:
    def __reduce__(self):
        return os.system, ("exit 1",)


def stall(files, told):
    time.sleep(100)


def send_pickle(files, told):
    told.send(_Harmful())
    time.sleep(100)


def send_nonsense(files, told):
    told.send_bytes(b'["end", 5]')
    time.sleep(100)


def send_half(files, told):
    os.write(told.fileno(), b"\x00\x00\x10\x00[")
    time.sleep(100)


def send_a_flood(files, told):
    told.send_bytes(b"[" * (listening_messages.LARGEST_MESSAGE + 1))


@pytest.mark.parametrize(
    ("reader", "most_s", "said"),
    [
        (stall, 8.0, "more memory or time"),
        (send_half, 8.0, "more memory or time"),
        (send_a_flood, 50.0, "more memory or time"),
        (send_pickle, 50.0, "cannot be read"),
        (send_nonsense, 50.0, "cannot be read"),
    ],
)
def test_a_reader_that_misbehaves_ends_in_one_sentence(monkeypatch, reader, most_s, said):
    monkeypatch.setattr(reading_apart, "_read", reader)
    monkeypatch.setattr(reading_apart, "MOST_WALL_S", most_s)
    began = time.monotonic()
    with pytest.raises(InputError, match=said):
        read_apart([], silent)
    assert time.monotonic() - began < 55  # the reader sleeps for longer


def test_a_file_is_read_and_its_share_told(tmp_path):
    rows = [{"ts": "2025-03-01T10:00:00Z", "ms_played": 200_000, "spotify_track_uri": None}]
    rows[0] |= {"master_metadata_album_artist_name": "Low", "master_metadata_track_name": "Words"}
    (tmp_path / "a.json").write_text(json.dumps(rows))
    told = io.StringIO()
    found = read_apart([tmp_path / "a.json"], lambda share: told.write(f"{share} "))
    assert [(one.artist_name, one.track_name) for one in found.hearings] == [("Low", "Words")]
    assert found.source is Source.SPOTIFY_EXPORT
    assert told.getvalue().endswith("1.0 ")
