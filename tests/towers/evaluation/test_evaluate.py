"""Every protocol on a tiny world of two communities."""

import json
from dataclasses import replace

import numpy as np
import pytest

from matcher.domain.audio import AudioAttributes
from matcher.domain.calibration import Calibration
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.errors import InputError
from matcher.pipeline import Pipeline
from matcher.ports import Progress
from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.overlap import count_items
from matcher.scoring.ranker import Ranker
from tests.towers.training.test_ranker import FakeEmbedder
from towers.config import TowerConfig
from towers.evaluation.audio_alone import audio_alone
from towers.evaluation.evaluate import EvaluationData, evaluate
from towers.evaluation.held_out import split
from towers.evaluation.report import OURS, draw, table_of
from towers.evaluation.rivals.baselines import BASELINES
from towers.evaluation.rivals.tuning import GRIDS
from towers.evaluation.truth import TrueTastes
from towers.training.splits import ItemMetadata

CONFIG = TowerConfig(dim=8, table_dim=8, epochs=1, min_steps=2, n_buckets=16, bag_width=32)
TAGS = {f"artist {side} {n}": {f"genre {side}": 1.0} for side in (0, 1) for n in range(8)}
ATTRIBUTES = {
    f"artist {side} {n}|song {song}": AudioAttributes(
        {"energy": 0.2 + 0.6 * side + 0.02 * n, "tempo": 80.0 + 60 * side + song}
    )
    for side in (0, 1)
    for n in range(8)
    for song in range(6)
}
CONTEXT = ItemMetadata(TAGS, ATTRIBUTES)


def make_listener(number, n_playlists, rng):
    """Hears one side's artists; with playlists, songs may stand in several."""
    side = number % 2
    rows = {
        (int(rng.integers(8)), int(rng.integers(6)), int(rng.integers(max(1, n_playlists))))
        for _ in range(24)
    }
    hearings = tuple(
        Hearing(
            Part.PLAYLISTS if n_playlists else Part.PLAYS,
            f"Artist {side} {artist}",
            track_name=f"Song {song}",
            facet_id=f"p{playlist}" if n_playlists else "",
            plays=float(rng.integers(1, 9)),
        )
        for artist, song, playlist in sorted(rows)
    )
    return build_profile(Listening(f"l{number}", Source.SYNTHETIC, hearings, TAGS), ATTRIBUTES)


def make_exam(n, n_playlists, seeds=(0,)):
    rng = np.random.default_rng(3)
    profiles = [make_listener(number, n_playlists, rng) for number in range(n)]
    friends = [(f"l{number}", f"l{number + step}") for number in range(n - 6) for step in (2, 4, 6)]
    labels = {f"l{number}": f"side {number % 2}" for number in range(n)}
    return EvaluationData(profiles, friends, labels, CONTEXT, CONFIG, seeds)


@pytest.fixture(scope="module")
def exam():
    exam = make_exam(70, 0, seeds=(0, 1))
    sides = np.eye(2)[np.arange(70) % 2]
    return replace(exam, truth=TrueTastes([one.listener_id for one in exam.profiles], sides, sides))


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def found(exam, told):
    return evaluate(exam, told.append)


def test_halves_by_item_run_every_protocol_but_the_one_for_playlists(found):
    assert set(found["protocols"]) == {
        *("P1", "P3", "P4", "P5", "P6", "P7", "P8", "exposure", "promises", "truth")
    }


@pytest.mark.parametrize("name", ["P1", "P3", "P4", "P5", "P7", "truth"])
def test_every_system_stands_beside_every_other(found, name):
    assert set(found["protocols"][name]) == {"pipeline", "towers", "untrained towers", *BASELINES}


def test_in_a_world_whose_truth_is_known_those_shown_are_alike_in_truth(found):
    chance = found["protocols"]["truth"]["towers"]["all, random"]["mean"]
    for system in ("pipeline", "overlap"):
        for group in ("all", "unseen"):
            assert chance + 0.2 < found["protocols"]["P7"][system][group]["mean"] <= 1
    assert {row["figure"] for row in found["leads"]["P7"]} == {"all", "unseen"}
    assert "truth" not in found["leads"]


def test_the_results_are_json(found):
    assert json.loads(json.dumps(found, allow_nan=False))["n_listeners"] == 70


def test_every_figure_has_its_mean_and_spread_over_the_seeds(found):
    rounds = [one["P1"]["pipeline"]["mrr"] for one in found["by_seed"]]
    assert len(rounds) == 2
    figure = found["protocols"]["P1"]["pipeline"]["mrr"]
    assert figure == {"mean": pytest.approx(np.mean(rounds)), "std": pytest.approx(np.std(rounds))}


@pytest.mark.parametrize("name", ["P1", "P3"])
def test_every_figure_of_retrieval_lies_in_its_interval(found, name):
    for system, figures in found["protocols"][name].items():
        for figure, value in figures.items():
            low, high = found["intervals"][name][system][figure]
            assert low - 1e-6 <= value["mean"] <= high + 1e-6


def test_every_seed_has_intervals_of_its_own(found):
    for figures, intervals in zip(found["by_seed"], found["intervals_by_seed"], strict=True):
        low, high = intervals["P1"]["pipeline"]["mrr"]
        assert low < figures["P1"]["pipeline"]["mrr"] < high


def test_hyper_parameters_are_chosen_for_halves_and_for_friends(found):
    for chosen in found["chosen"]:
        assert set(chosen["halves"]) == set(chosen["friends"]) == set(GRIDS)
    assert found["chosen"][0]["halves"]["als"]["settings"].keys() == {"n_factors", "alpha", "regularization"}


@pytest.mark.parametrize("name", ["P1", "P3", "P4", "P5"])
def test_ours_are_compared_with_the_best_rival_of_every_figure(found, name):
    rows = found["leads"][name]
    figures = set(found["protocols"][name]["pipeline"])
    assert {row["figure"] for row in rows if row["over"] == "pipeline"} == figures
    for row in rows:
        means = found["protocols"][name]
        gap = means[row["system"]][row["figure"]]["mean"] - means[row["over"]][row["figure"]]["mean"]
        assert row["mean"] == pytest.approx(gap)


def test_every_figure_of_retrieval_is_a_share(found):
    for name in ("P1", "P3", "P4", "P5", "P6"):
        for figures in found["protocols"][name].values():
            assert all(0.0 <= one["mean"] <= 1.0 for one in figures.values())


def test_two_communities_are_told_apart_by_their_sound(found):
    figures = found["protocols"]["P6"]
    assert figures["audio likeness"]["precision@10"]["mean"] > 0.9
    assert figures["random"]["precision@10"]["mean"] < 0.7


def test_the_pipeline_finds_friends_of_the_same_community_better_than_chance(found):
    figures = found["protocols"]["P3"]
    assert figures["pipeline"]["auc"]["mean"] > 0.1 + figures["random"]["auc"]["mean"]


def test_the_pipeline_keeps_its_promises(found):
    promises = found["protocols"]["promises"]["pipeline"]
    assert promises["symmetry gap"]["mean"] <= 1e-6
    assert promises["sum gap"]["mean"] <= 1e-6
    assert promises["incremental cosine"]["mean"] >= 0.9999


def test_progress_is_reported_seed_by_seed(found, told):
    assert told == [Progress("evaluate", 1, 2), Progress("evaluate", 2, 2)]


def test_the_same_seed_gives_the_same_figures(exam, found):
    again = evaluate(replace(exam, seeds=(1,)))
    assert again["by_seed"][0] == found["by_seed"][1]


def test_another_seed_gives_another_split(exam):
    one, other = (split(exam.profiles, seed)[1] for seed in (0, 1))
    assert [p.listener_id for p in one] != [p.listener_id for p in other]


def test_the_tested_are_never_trained_on(exam):
    known, tested, by_playlist = split(exam.profiles, 0)
    assert not {one.listener_id for one in known} & {one.listener_id for one in tested}
    assert len(known) + len(tested) == 70
    assert (len(tested), by_playlist) == (21, False)


def test_with_many_playlists_halves_are_made_of_them():
    exam = make_exam(120, 3)
    _, tested, by_playlist = split(exam.profiles, 0)
    assert by_playlist
    assert len(tested) == 60


def test_who_has_too_little_is_not_tested():
    thin = [build_profile(Listening("x", Source.TABLE, (Hearing(Part.PLAYS, "Low"),)))] * 50
    assert split(thin, 0)[1] == []


def test_of_playlists_the_one_for_playlists_is_run():
    # without friends and labels, and of one seed
    exam = replace(make_exam(110, 3), friends=(), labels={})
    assert set(evaluate(exam)["protocols"]) == {"P2", "P4", "P5", "P8", "exposure", "promises"}


def test_the_table_names_every_system_and_protocol(found):
    text = table_of({**found, "data": ["tiny/x.csv"], "machine": "a machine"})
    assert all(f"| {name} |" in text for name in (*OURS, *BASELINES))
    assert all(f"## {name}" in text for name in ("P1", "P3", "P4", "P5", "P6", "Promises"))
    assert "tiny/x.csv" in text
    assert "70 listeners; 2 seeds" in text


def row(system, figures):
    return {system: {name: {"mean": mean, "std": 0.0} for name, mean in figures.items()}}


def test_the_table_shows_the_best_in_bold():
    systems = {**row("pipeline", {"mrr": 0.9}), **row("tfidf", {"mrr": 0.4})}
    text = table_of({"n_listeners": 2, "seeds": [0], "protocols": {"P1": systems}})
    assert "| pipeline | **0.900 ± 0.000** |" in text
    assert "| tfidf | 0.400 ± 0.000 |" in text


def report_of(**results):
    systems = {**row("pipeline", {"mrr": 0.9}), **row("als", {"mrr": 0.4})}
    return table_of({"n_listeners": 2, "seeds": [0, 1], "protocols": {"P1": systems}, **results})


def test_the_table_shows_intervals_beside_the_spread():
    text = report_of(intervals={"P1": {"als": {"mrr": [0.35, 0.46]}}})
    assert "| als | 0.400 ± 0.000 [0.350, 0.460] |" in text
    assert "95 % bootstrap" in text


LEAD = {"system": "als", "over": "towers", "figure": "mrr", "mean": 0.014, "std": 0.004}


@pytest.mark.parametrize(
    ("ahead", "told"), [(True, "als over towers: mrr +0.014 ± 0.004."), (False, "none.")]
)
def test_a_line_under_the_table_says_who_is_ahead(ahead, told):
    text = report_of(leads={"P1": [{**LEAD, "ahead": ahead}]})
    assert f"beyond the spread, best rival of each figure, paired by seed: {told}\n" in text


def test_the_report_says_what_was_chosen_and_how_often():
    by_seed = [{"halves": {"als": {"settings": {"alpha": a}, "figure": 0.5}}} for a in (40.0, 160.0, 160.0)]
    text = report_of(chosen=by_seed)
    assert "## Chosen on training halves" in text
    assert "| halves | als | alpha 160 (2); alpha 40 (1) | 0.500 |" in text


def test_the_report_has_its_notes():
    assert "\n\nMind this.\n" in report_of(notes=["Mind this."])


def test_a_promise_is_never_in_bold():
    promises = row("pipeline", {"symmetry gap": 2e-8})
    text = table_of({"n_listeners": 2, "seeds": [0], "protocols": {"promises": promises}})
    assert "| pipeline | 2.0e-08 |" in text


def test_the_picture_is_a_png(found, tmp_path):
    draw(found, tmp_path / "x.png")
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def audio_exam(attributes):
    """Twelve listeners of one song each, labelled by turns."""
    profiles = [
        build_profile(
            Listening(f"l{n}", Source.TABLE, (Hearing(Part.PLAYS, "A", track_name=f"S{n}"),)), attributes
        )
        for n in range(12)
    ]
    return EvaluationData(profiles, labels={f"l{n}": f"side {n % 2}" for n in range(12)})


AUDIO = {
    "some lack an attribute": {
        f"a|s{n}": AudioAttributes({"energy": n / 12, **({"tempo": 90.0 + n} if n % 2 else {})})
        for n in range(12)
    },
    "an attribute never varies": {
        f"a|s{n}": AudioAttributes({"energy": n / 12, "tempo": 90.0}) for n in range(12)
    },
    "nobody has any": {},
}


@pytest.mark.parametrize("name", AUDIO)
def test_labels_with_patchy_audio_do_not_stop_the_evaluation(name):
    exam = audio_exam(AUDIO[name])
    ranker = Ranker({"audio": 1.0}, count_items([]), measure_scale([one.audio for one in exam.profiles]))
    pipeline = Pipeline(FakeEmbedder(), ranker, Calibration())
    found = audio_alone(pipeline, exam.profiles, exam.labels, exam.profiles, ())
    assert all(0.0 <= one["precision@10"] <= 1.0 for one in found.figures.values())


def test_too_few_listeners_to_evaluate_on_are_refused_in_a_sentence():
    with pytest.raises(InputError):
        evaluate(make_exam(3, 0))
