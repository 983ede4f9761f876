"""One listening through several doors: the vector is the same, whichever was taken."""

import json
import zipfile
from datetime import UTC, datetime
from itertools import combinations

import numpy as np
import pytest
from rich.console import Console

from emulator.scrobbling.history import plays_of
from emulator.scrobbling.listenbrainz import listen_of
from emulator.server.app import create_app
from emulator.server.running import running
from emulator.settings import LASTFM_KEY, LASTFM_SECRET
from emulator.world import synthetic_world, write_listening_table
from matcher.domain.library import build_profile
from matcher.domain.listening import Part
from matcher.ports import silent
from sources.dumps.listenbrainz import listener_id_of, listenings, sort_listens
from sources.dumps.sorting import SortedPlays
from sources.exports.reader import read_export
from sources.scrobbles.files import read_listens
from sources.scrobbles.lastfm import LastFm, LastFmSettings
from sources.scrobbles.listenbrainz import ListenBrainz
from sources.table import read_listening
from tests.spotify_client.conftest import Clock
from tests.wiring.conftest import CONFIG
from towers.serving.embedder import LiteRtEmbedder
from wiring.jobs.training import train_model

NAME = "syn-0003"
LEAST = 0.99
WITHOUT_MONTHS = {"listenbrainz totals", "lastfm totals", "listenbrainz dump"}
"""Doors that tell no month of every play, so that what fades with age may count a little differently."""


def spotify_export(path, plays):
    rows = [
        {
            "ts": datetime.fromtimestamp(play.at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ms_played": play.track.duration_ms,
            "master_metadata_track_name": play.track.name,
            "master_metadata_album_artist_name": play.track.artists[0].name,
            "spotify_track_uri": f"spotify:track:{play.track.id}",
        }
        for play in plays
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Streaming_History_Audio_2022-2026_0.json", json.dumps(rows))
    return path


def table(path, plays):
    rows = [
        {
            "listener_id": NAME,
            "artist_name": play.track.artists[0].name,
            "track_name": play.track.name,
            "played_at": play.at_s,
        }
        for play in plays
    ]
    lines = ["\t".join(rows[0]), *("\t".join(map(str, row.values())) for row in rows)]
    path.write_text("\n".join(lines))
    return path


def listens(path, plays):
    path.write_text("".join(json.dumps(listen_of(play, NAME)) + "\n" for play in plays))
    return path


@pytest.fixture(scope="module")
def world():
    return synthetic_world(40, 7, n_artists=400)


@pytest.fixture(scope="module")
def by_door(world, tmp_path_factory):
    """The listening of one listener by each door."""
    folder, clock, app = tmp_path_factory.mktemp("doors"), Clock(), create_app(world)
    plays = plays_of(app.state.emulator, world.listeners[NAME])
    assert len(plays) > 100
    with running(app) as base:
        listenbrainz = ListenBrainz(base + "/listenbrainz", clock, clock.sleep)
        lastfm = LastFm(LastFmSettings(LASTFM_KEY, LASTFM_SECRET, base + "/lastfm/2.0/"), clock, clock.sleep)
        totals = []
        found = {
            "listenbrainz": listenbrainz.named(NAME).fetch("me", silent, totals.append),
            "lastfm": lastfm.named(NAME).fetch("me", silent, totals.append),
        }
    found |= {"listenbrainz totals": totals[0], "lastfm totals": totals[1]}
    found["spotify export"] = read_export([spotify_export(folder / "spotify.zip", plays)], "me").listening
    found["listenbrainz export"] = read_listens([listens(folder / "1.jsonl", plays)], "me").listening
    (found["table"],) = read_listening(table(folder / "table.tsv", plays)).listenings
    dumped = SortedPlays(folder / "sorted", 1)
    sort_listens([listens(folder / "1.listens", plays)], dumped)
    (found["listenbrainz dump"],) = (one for bucket in dumped.buckets() for one in listenings(bucket))
    assert found["listenbrainz dump"].listener_id == listener_id_of(NAME)
    return found


@pytest.fixture(scope="module")
def folder(world, tmp_path_factory):
    made = tmp_path_factory.mktemp("model")
    write_listening_table(world, made / "listening.csv")
    return made


@pytest.fixture(scope="module")
def others(folder):
    found = read_listening(folder / "listening.csv").listenings
    return [build_profile(one) for one in found if one.listener_id != NAME]


@pytest.fixture(scope="module")
def embedder(folder):
    (folder / "config.json").write_text(CONFIG.to_json())
    quiet = Console(quiet=True)
    train_model([folder / "listening.csv"], folder / "model", None, None, 3, folder / "config.json", quiet)
    return LiteRtEmbedder.load(folder / "model")


def test_the_profile_is_the_same_by_every_door(by_door):
    profiles = {door: build_profile(listening) for door, listening in by_door.items()}
    wanted = profiles["table"]
    for door, profile in profiles.items():
        assert profile.tracks.keys() == wanted.tracks.keys(), door
        assert profile.artists.keys() == wanted.artists.keys(), door
        if door not in WITHOUT_MONTHS:
            assert profile.tracks == wanted.tracks, door
    assert all(set(listening.parts) <= {Part.PLAYS} for listening in by_door.values())


def test_the_vectors_point_the_same_way(by_door, embedder, others):
    found = embedder.embed([build_profile(listening) for listening in by_door.values()])
    strangers = embedder.embed(others)
    for mine, theirs in ((found.user, strangers.user), (found.candidate, strangers.candidate)):
        assert (
            min(float(np.dot(mine[one], mine[two])) for one, two in combinations(range(len(mine)), 2))
            >= LEAST
        )
        assert (mine @ theirs.T).max() < LEAST
