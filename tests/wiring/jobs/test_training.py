"""`earshot train` on files."""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from rich.console import Console

from matcher.domain.audio import AudioAttributes
from matcher.domain.library import build_library
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.errors import InputError, UntrainableSource
from matcher.ports import AgreedLibraries, KnownModel, ModelState
from towers.config import TowerConfig
from towers.serving.artefact import load_artefact
from towers.training.shares import below_floor
from wiring.cli import main
from wiring.cli.models import rows_of
from wiring.jobs.training import agreed_terms, train_model, warn_of_shares

CONFIG = TowerConfig(dim=8, table_dim=8, epochs=1, min_steps=1, n_buckets=16, bag_width=16)


@pytest.fixture
def files(tmp_path):
    rng = np.random.default_rng(0)
    rows = [
        f"{who},Artist {who % 2} {one},{one + 1}"
        for who in range(30)
        for one in rng.choice(12, 6, replace=False)
    ]
    (tmp_path / "listening.csv").write_text("\n".join(["listener_id,artist_name,plays", *rows]))
    (tmp_path / "config.json").write_text(CONFIG.to_json())
    return tmp_path


def train_in(folder, pairs_text, console):
    pairs = folder / "pairs.csv"
    pairs.write_text(pairs_text)
    train_model(
        [folder / "listening.csv"], folder / "model", None, None, 0, folder / "config.json", console, pairs
    )


def test_pairs_from_a_file_are_trained_on_and_counted(files):
    console = Console(record=True, width=100)
    train_in(files, "listener_id,friend_id,score\n0,1,5\n2,3,1\n4,5,0\n6,nobody,5\n", console)
    assert "2 pairs of 4 rows used" in console.export_text()
    assert load_artefact(files / "model").metrics["n_pairs"] == 2


def test_what_carries_the_matches_is_measured(files):
    train_in(files, "listener_id,friend_id,score\n", Console(quiet=True))
    shares = load_artefact(files / "model").metrics["shares"]
    assert set(shares) == {"towers", "artists", "tracks", "tags", "audio"}
    assert sum(shares.values()) == pytest.approx(1.0, abs=0.001)


@pytest.mark.parametrize(
    ("towers", "audio", "has_audio", "told"),
    [
        (0.31, 0.06, True, []),
        (0.29, 0.06, True, ["towers"]),
        (0.31, 0.04, True, ["audio"]),
        (0.31, 0.0, False, []),
        (0.0, 0.0, True, ["towers", "audio"]),
    ],
)
def test_a_component_that_carries_too_little_is_told(towers, audio, has_audio, told):
    assert below_floor({"towers": towers, "audio": audio}, has_audio=has_audio) == told


def test_training_warns_of_a_component_that_carries_too_little():
    console = Console(record=True, width=200)
    shares = {"towers": 0.21, "artists": 0.5, "tracks": 0.1, "tags": 0.1, "audio": 0.09}
    warn_of_shares(shares, console, has_audio=True)
    assert console.export_text() == "warning: the share of towers in what is shown is 21%, below 30%\n"


def test_a_pair_with_a_score_below_0_is_refused_before_anything_is_trained(files):
    with pytest.raises(InputError, match="line 2: score"):
        train_in(files, "listener_id,friend_id,score\n0,1,-1\n", Console(quiet=True))
    assert not (files / "model").exists()


# ---- listeners who agreed --------------------------------------------------------------------------------


class Agreed:
    """`TrainingLibraries` of these."""

    def __init__(self, *listeners):
        self.listeners = listeners

    def agreed(self):
        yield from (AgreedLibraries(libraries, frozenset()) for libraries in self.listeners)


def library(source, *artists, service="", who="who"):
    heard = tuple(Hearing(Part.PLAYS, one, track_name="Song") for one in artists)
    return build_library(Listening(who, source, heard, service=service))


def people(n, source=Source.LISTENBRAINZ):
    each = {f"p{who}": [f"Artist {who % 2} {(who + k) % 12}" for k in range(6)] for who in range(n)}
    return [(library(source, *artists, who=who),) for who, artists in each.items()]


def train_on(folder, listening, terms, console=None):
    out, config = folder / "model", folder / "config.json"
    console = console or Console(quiet=True)
    return train_model(listening, out, None, None, 0, config, console, None, terms)


def test_listeners_who_agreed_are_trained_on_beside_tables_and_the_manifest_says_so(files):
    console = Console(record=True, width=100)
    both = (library(Source.FILE, "Low", "Artist 0 1", service="Deezer"), library(Source.LASTFM, "Can"))
    terms = agreed_terms(Agreed(*people(3), both))
    train_on(files, [files / "listening.csv"], replace(terms, licence="CC0 1.0"), console)
    data = [
        {"source": "table", "listeners": 30, "licence": "CC0 1.0"},
        {"source": "file", "listeners": 1, "licence": "consent of the listener"},
        {"source": "lastfm", "listeners": 1, "licence": "consent of the listener"},
        {"source": "listenbrainz", "listeners": 3, "licence": "consent of the listener"},
    ]
    assert json.loads((files / "model" / "manifest.json").read_text())["data"] == data
    artefact = load_artefact(files / "model")
    assert artefact.metrics["data"] == data
    assert artefact.metrics["n_listeners"] <= 34
    assert "low" in artefact.files["vocabulary.json"].decode()
    told = console.export_text()
    assert "3 listeners of listenbrainz (licence: consent of the listener)" in told
    assert "30 listeners of table (licence: CC0 1.0)" in told


def test_listeners_who_agreed_are_enough_without_a_table(files):
    train_on(files, [], agreed_terms(Agreed(*people(30))))
    data = json.loads((files / "model" / "manifest.json").read_text())["data"]
    assert data == [{"source": "listenbrainz", "listeners": 30, "licence": "consent of the listener"}]


def test_without_a_word_on_it_the_licence_of_tables_is_not_stated(files):
    train_on(files, [files / "listening.csv"], None)
    data = json.loads((files / "model" / "manifest.json").read_text())["data"]
    assert data == [{"source": "table", "listeners": 30, "licence": "not stated"}]


def test_the_web_api_ends_a_training_that_would_read_it():
    with pytest.raises(UntrainableSource):
        agreed_terms(Agreed(*people(3, Source.SPOTIFY_API)))


def test_what_the_web_api_says_of_tracks_in_a_file_trains_nothing():
    """Also where the listening is a file's: how its tracks sound may have been asked of Spotify."""
    mine = library(Source.FILE, "Low", "Can")
    known = {
        "low|song": AudioAttributes({"energy": 0.25}, "spotify"),
        "can|song": AudioAttributes({"energy": 0.75}, "reccobeats"),
    }
    corpus = agreed_terms(Agreed((replace(mine, attributes=known),))).agreed
    assert corpus.attributes.keys() == {"can|song"}
    (profile,) = corpus.profiles
    assert profile.audio.attributes["energy"].mean == 0.75


def test_whoever_agreed_for_two_sources_is_one_listener():
    both = (library(Source.FILE, "Low", service="Deezer"), library(Source.FILE, "Can", service="Maloja"))
    terms = agreed_terms(Agreed(both))
    assert terms.n_by_source == {"file": 1}
    (profile,) = terms.agreed.profiles
    assert profile.artists.keys() == {"low", "can"}


def test_there_has_to_be_something_to_train_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["earshot", "train", "--out", str(tmp_path / "model")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "--from-database" in capsys.readouterr().err


def test_what_a_model_was_trained_on_is_shown():
    data = [{"source": "lastfm", "listeners": 1200, "licence": "consent of the listener"}]
    model = KnownModel(
        "v1", ModelState.SERVING, (since := datetime(2026, 11, 30, tzinfo=UTC)), since, {"data": data}
    )
    assert ("listeners of lastfm", "1,200 (licence: consent of the listener)") in list(rows_of(model))
