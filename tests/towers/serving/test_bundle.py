import json
from dataclasses import replace

import numpy as np
import pytest

from matcher.domain.audio import N_MOMENTS
from matcher.domain.calibration import Calibration
from matcher.domain.vectors import to_half
from matcher.errors import ModelBroken, ModelMissing
from matcher.picking.service import Picks
from matcher.pipeline import Pipeline
from matcher.scoring.audio_similarity import measure_scale
from matcher.scoring.audio_space import AudioSpace
from matcher.scoring.cohort import Cohort
from matcher.scoring.overlap import count_items
from matcher.scoring.ranker import Ranker
from towers.serving.artefact import Artefact, save_artefact, write_arrays
from towers.serving.bundle import (
    AUDIO_SPACE,
    CALIBRATION,
    COHORT,
    PICKING,
    RANKER,
    TASTE_MAP,
    load_pipeline,
    map_of,
    picking_of,
    pipeline_of,
    with_map,
    with_picking,
    with_ranker,
)
from towers.serving.embedder import LiteRtEmbedder
from towers.training.picking import learn_picking
from towers.training.taste_map import learn_map

NEARBY = Cohort(np.eye(32, dtype=np.float32)[:12])


@pytest.fixture(scope="module")
def ranker(profiles) -> Ranker:
    weights = {"towers": 1.0, "artists": 0.02, "tracks": 0.05, "audio": 0.1}
    scale = measure_scale([one.audio for one in profiles])
    return Ranker(weights, count_items(profiles), scale, softness=0.2, cohort=NEARBY, chance={"tags": 0.1})


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return Calibration(noise=20)


@pytest.fixture(scope="module")
def whole(trained, ranker, calibration) -> Artefact:
    return with_ranker(trained.artefact, ranker, calibration)


def matches_of(pipeline: Pipeline, profiles):
    return list(pipeline.match(profiles[:5], pipeline.pool(profiles[:40]), 10))


def test_a_saved_and_loaded_model_gives_the_same_ranked_list(whole, profiles, tmp_path):
    save_artefact(whole, tmp_path / "model")
    assert matches_of(load_pipeline(tmp_path / "model"), profiles) == matches_of(pipeline_of(whole), profiles)


def test_the_pipeline_holds_the_ranker_and_calibration_it_was_given(whole, ranker, calibration):
    found = pipeline_of(whole)
    assert found.calibration == calibration
    assert found.ranker.to_json() == ranker.to_json()


def test_a_listener_is_never_matched_with_itself_and_ranks_count_from_one(whole, profiles):
    found = matches_of(pipeline_of(whole), profiles)
    assert all(one.query_id != one.candidate_id for one in found)
    assert [one.rank for one in found] == [*range(1, 11)] * 5


def test_an_empty_profile_gets_no_match(whole, profiles):
    pipeline = pipeline_of(whole)
    nobody = type(profiles[0])("nobody", profiles[0].source)
    assert list(pipeline.match([nobody], pipeline.pool(profiles[:3]), 10)) == []


def test_the_version_changes_with_the_ranker(whole, trained, ranker, calibration):
    other = Ranker({"towers": 2.0}, ranker.frequencies, ranker.audio)
    assert with_ranker(trained.artefact, other, calibration).model_version != whole.model_version


def test_the_version_changes_with_the_calibration(whole, trained, ranker, calibration):
    other = replace(calibration, noise=30.0)
    assert with_ranker(trained.artefact, ranker, other).model_version != whole.model_version


def test_the_same_ranker_gives_the_same_version(whole, trained, ranker, calibration):
    assert with_ranker(trained.artefact, ranker, calibration).model_version == whole.model_version


@pytest.mark.parametrize("name", [RANKER, CALIBRATION])
def test_a_model_that_lacks_a_part_is_broken(whole, name):
    files = {key: content for key, content in whole.files.items() if key != name}
    with pytest.raises(ModelBroken, match="train it again"):
        pipeline_of(Artefact(files))


@pytest.mark.parametrize("name", [RANKER, CALIBRATION, COHORT, AUDIO_SPACE])
@pytest.mark.parametrize("content", [b"", b"\xff", b"{", b"{}", b"[]", b"null", b"3", b'"ranker"'])
def test_a_part_that_cannot_be_read_is_broken(whole, name, content):
    with pytest.raises(ModelBroken):
        pipeline_of(whole.with_file(name, content))


def changed(whole: Artefact, name: str, **values) -> Artefact:
    content = {**json.loads(whole.files[name]), **values}
    return whole.with_file(name, json.dumps(content).encode())


@pytest.mark.parametrize(
    "values",
    [
        {"weights": {"towers": -1.0}},
        {"weights": {"height": 1.0}},
        {"weights": None},
        {"weights": [1.0]},
        {"softness": 0.0},
        {"softness": "far"},
        {"chance": {"tags": -1.0}},
        {"chance": None},
        {"frequencies": {}},
        {"frequencies": {"n_listeners": 3, "counts": {"tags": {"folk": "many"}}}},
        {"audio": {"centre": [0.0]}},
    ],
)
def test_a_ranker_that_makes_no_sense_is_broken(whole, values):
    with pytest.raises(ModelBroken):
        pipeline_of(changed(whole, RANKER, **values))


@pytest.mark.parametrize(
    "values",
    [
        {"sizes": []},
        {"sizes": [2.0, 1.0]},
        {"halves": [[9.0, 5.0, 1.0]]},
        {"halves": [[1.0]]},
        {"noise": None},
    ],
)
def test_a_calibration_that_makes_no_sense_is_broken(whole, values):
    with pytest.raises(ModelBroken):
        pipeline_of(changed(whole, CALIBRATION, **values))


@pytest.mark.parametrize(
    "values",
    [
        {"audio": {"centre": [0.0], "spread": [1.0, 1.0]}},
        {"frequencies": {"n_listeners": 3, "counts": {"artists": {"low": 9}}}},
    ],
)
def test_a_ranker_whose_figures_contradict_each_other_is_broken(whole, values):
    with pytest.raises(ModelBroken):
        pipeline_of(changed(whole, RANKER, **values))


def test_a_changed_ranker_in_the_folder_is_broken(whole, tmp_path):
    save_artefact(whole, tmp_path / "model")
    (tmp_path / "model" / RANKER).write_bytes(whole.files[RANKER] + b" ")
    with pytest.raises(ModelBroken, match="changed"):
        load_pipeline(tmp_path / "model")


def test_a_ranker_taken_out_of_the_folder_is_broken(whole, tmp_path):
    save_artefact(whole, tmp_path / "model")
    (tmp_path / "model" / RANKER).unlink()
    with pytest.raises(ModelBroken, match="lacks"):
        load_pipeline(tmp_path / "model")


def test_towers_without_a_ranker_are_no_whole_model(trained, tmp_path):
    save_artefact(trained.artefact, tmp_path / "model")
    with pytest.raises(ModelBroken):
        load_pipeline(tmp_path / "model")


def test_without_a_folder_there_is_no_model(tmp_path):
    with pytest.raises(ModelMissing, match="earshot train"):
        load_pipeline(tmp_path / "nowhere")


def test_the_cohort_comes_out_of_the_artefact_as_it_went_in(whole, profiles):
    found = pipeline_of(whole).weigh(profiles[:3])
    assert [one.closeness for one in found] == [NEARBY.closeness(to_half(one.stored)) for one in found]
    assert min(one.closeness for one in found) > 0


def test_the_audio_space_comes_out_of_the_artefact_as_it_went_in(trained, ranker, calibration, profiles):
    rng = np.random.default_rng(0)
    space = AudioSpace(rng.normal(size=N_MOMENTS), rng.normal(size=(N_MOMENTS, 4)))
    artefact = with_ranker(trained.artefact, replace(ranker, space=space), calibration)
    for profile, found in zip(profiles, pipeline_of(artefact).weigh(profiles), strict=True):
        np.testing.assert_array_equal(found.audio, space.encode(profile.audio))


def test_a_model_without_an_audio_space_compares_summaries(whole, ranker, profiles):
    assert AUDIO_SPACE not in whole.files
    found = pipeline_of(whole).weigh(profiles[:1])[0]
    np.testing.assert_array_equal(found.audio, ranker.audio.standardise(profiles[0].audio))


def test_a_changed_cohort_does_not_verify(whole, tmp_path):
    save_artefact(whole, tmp_path / "model")
    path = tmp_path / "model" / COHORT
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelBroken):
        load_pipeline(tmp_path / "model")


def test_a_model_without_a_cohort_needs_no_file_of_it(trained, ranker, calibration, profiles):
    plain = Ranker({"towers": 1.0}, ranker.frequencies, ranker.audio)
    artefact = with_ranker(trained.artefact, plain, calibration)
    assert COHORT not in artefact.files
    assert pipeline_of(artefact).weigh(profiles[:1])[0].closeness == 0.0


def test_a_cohort_of_another_space_is_broken(trained, ranker, calibration):
    elsewhere = replace(ranker, cohort=Cohort(np.eye(4, dtype=np.float32)))
    with pytest.raises(ModelBroken):
        pipeline_of(with_ranker(trained.artefact, elsewhere, calibration))


def test_the_map_travels_in_the_artefact(trained, profiles):
    embedder = LiteRtEmbedder(trained.artefact)
    artefact = with_map(trained.artefact, learn_map(embedder, profiles, seed=0))
    taste_map = map_of(artefact)
    assert TASTE_MAP in artefact.files
    assert taste_map.place(embedder.embed(profiles[:5]).stored).shape == (5, 2)


def test_an_artefact_of_before_has_none(trained):
    assert map_of(trained.artefact) is None


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"centre": [0], "axes": [[0], [0]], "communities": []}', b"\xff"]
)
def test_a_map_that_cannot_be_read_is_a_broken_model(trained, content):
    with pytest.raises(ModelBroken):
        map_of(trained.artefact.with_file(TASTE_MAP, content))


def test_artists_to_pick_from_travel_in_the_artefact(trained, profiles, ranker, calibration):
    embedder = LiteRtEmbedder(trained.artefact)
    artists = learn_picking(embedder, profiles, seed=0)
    artefact = with_picking(with_ranker(trained.artefact, ranker, calibration), artists)
    again = picking_of(artefact)
    assert again.keys == tuple(artists.keys)
    assert again.hearing.tolist() == artists.hearing.tolist()
    assert pipeline_of(artefact).picker.screen(Picks()).shown


def test_a_model_of_before_has_no_artists_to_pick_from(trained, ranker, calibration):
    assert with_picking(trained.artefact, None) is trained.artefact
    assert picking_of(trained.artefact) is None
    assert pipeline_of(with_ranker(trained.artefact, ranker, calibration)).picker is None


@pytest.mark.parametrize("content", [b"", b"[]", write_arrays({"keys": np.array(["low"])}), b"\xff"])
def test_artists_that_cannot_be_read_are_a_broken_model(trained, content):
    with pytest.raises(ModelBroken):
        picking_of(trained.artefact.with_file(PICKING, content))
