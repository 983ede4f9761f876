"""P6 on listeners whose sound is known."""

import numpy as np
import pytest

from matcher.domain.audio import AudioAttributes, summarise_audio
from matcher.domain.calibration import Calibration
from matcher.domain.listening import Source
from matcher.domain.profile import ListenerProfile
from matcher.pipeline import Pipeline
from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.overlap import count_items
from matcher.scoring.ranker import Ranker
from tests.towers.training.test_ranker import FakeEmbedder
from towers.evaluation.audio_alone import FIGURES, WHITENING, audio_alone, tune_figures
from towers.evaluation.protocols import same_label_at_10

N_EACH = 12
LABELS = {f"{side} {n}": side for side in ("calm", "loud") for n in range(N_EACH)}


def sounding(centre, rng, spread=0.1, n_tracks=20):
    values = np.clip(rng.normal(centre, spread, n_tracks), 0.0, 1.0)
    tempos = rng.uniform(60.0, 180.0, n_tracks)
    tracks = zip(values.tolist(), tempos.tolist(), strict=True)
    return summarise_audio((AudioAttributes({"energy": e, "tempo": t}), 1.0) for e, t in tracks)


def listener(listener_id, rng):
    audio = sounding(0.3 if listener_id.startswith("calm") else 0.7, rng)
    return ListenerProfile(listener_id, Source.TABLE, audio=audio)


@pytest.fixture(scope="module")
def profiles():
    rng = np.random.default_rng(0)
    return [listener(name, rng) for name in LABELS]


@pytest.fixture(scope="module")
def halves():
    """Halves of listeners who differ in energy; their tempo is noise."""
    rng = np.random.default_rng(1)
    centres = np.linspace(0.2, 0.8, 20)
    return [tuple(sounding(centre, rng, spread=0.02) for _ in range(2)) for centre in centres]


def pipeline_of(profiles):
    ranker = Ranker({"audio": 1.0}, count_items([]), measure_scale([one.audio for one in profiles]))
    return Pipeline(FakeEmbedder(), ranker, Calibration())


def with_audio(audio):
    return ListenerProfile("half", Source.TABLE, audio=audio)


def found_among(profiles, tested, halves):
    tuning = [(with_audio(a), with_audio(b)) for a, b in halves]
    return audio_alone(pipeline_of(profiles), profiles, LABELS, tested, tuning)


def test_a_label_that_can_be_heard_is_found_by_every_system_but_chance(profiles, halves):
    found = found_among(profiles, profiles, halves)
    figures = {name: values["precision@10"] for name, values in found.figures.items()}
    heard = ("audio likeness", "summaries", "plain mean", "tuned figures")
    assert all(figures[name] > 0.8 > figures["random"] for name in heard)
    assert set(figures) == {*heard, "random", "towers, ids hidden"}


def test_only_the_tested_ask_and_everybody_answers(profiles, halves):
    tested = profiles[:3]
    part, whole = (found_among(profiles, asked, halves) for asked in (tested, profiles))
    assert part.figures["plain mean"] != whole.figures["plain mean"]
    others = found_among(profiles, [*tested, with_audio(None)], halves)
    assert others.figures == part.figures


def test_precision_is_the_mean_over_those_who_ask():
    scores = -np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0)))
    # of the three others: one of the first's and the last's label, two of nobody's
    labels = ["a", "a", "b", "c"]
    assert same_label_at_10(scores, labels, np.array([0, 3])) == pytest.approx(1 / 6)
    assert same_label_at_10(scores, labels) == pytest.approx(2 / 12)


def test_without_a_tested_listener_of_known_sound_there_are_no_figures(profiles, halves):
    assert found_among(profiles, [with_audio(None)], halves).figures == {}


def test_tuning_chooses_what_finds_halves(halves):
    choice = tune_figures(halves)
    assert choice.scored["figures"] in FIGURES
    assert choice.scored["whitening"] in WHITENING
    assert choice.figure > 0.3  # chance is 0.18


def test_without_halves_there_is_no_tuned_rival(profiles):
    found = found_among(profiles, profiles, ())
    assert "tuned figures" not in found.figures
    assert found.choices == {}
