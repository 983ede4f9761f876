"""The embedder: the same vectors as TensorFlow's, alone or in company, before and after saving."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pytest

from matcher.domain.listening import Source
from matcher.domain.profile import Item, ListenerProfile
from matcher.errors import ModelBroken
from matcher.ports import Embedder
from tests.towers.conftest import embed_with_tensorflow
from towers.features.vocabulary import Field
from towers.serving.artefact import SERVING, load_artefact, save_artefact
from towers.serving.embedder import LiteRtEmbedder


@pytest.fixture(scope="module")
def embedder(trained) -> Embedder:
    return LiteRtEmbedder(trained.artefact)


def test_litert_gives_what_tensorflow_gives(embedder, trained, profiles):
    some = profiles[:50]
    expected = embed_with_tensorflow(trained, trained.artefact.maker.make(some))
    found = embedder.embed(some)
    np.testing.assert_allclose(found.user, expected.user, atol=1e-5)
    np.testing.assert_allclose(found.candidate, expected.candidate, atol=1e-5)


def test_a_vector_is_the_same_alone_and_in_a_batch(embedder, profiles):
    together = embedder.embed(profiles[:20]).stored
    alone = np.vstack([embedder.embed([profile]).stored for profile in profiles[:20]])
    np.testing.assert_array_equal(together, alone)


def test_a_vector_is_the_same_alone_and_among_ten_thousand(embedder, profiles):
    crowd = (list(profiles) * (10_000 // len(profiles) + 1))[:10_000]
    among = embedder.embed([*crowd, profiles[3]]).stored
    np.testing.assert_allclose(among[-1], embedder.embed([profiles[3]]).stored[0], atol=1e-6)
    np.testing.assert_allclose(among[3], among[-1], atol=1e-6)


def test_saved_and_loaded_towers_give_the_same_vectors(embedder, trained, profiles, tmp_path):
    save_artefact(trained.artefact, tmp_path / "model")
    loaded = LiteRtEmbedder.load(tmp_path / "model")
    assert loaded.model_version == embedder.model_version
    np.testing.assert_allclose(
        loaded.embed(profiles[:20]).stored, embedder.embed(profiles[:20]).stored, atol=1e-6
    )


def test_every_vector_is_finite_and_of_unit_length(embedder, profiles):
    vectors = embedder.embed(profiles)
    for rows in (vectors.user, vectors.candidate, vectors.stored):
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_both_towers_have_heads_of_their_own(embedder, profiles):
    vectors = embedder.embed(profiles[:5])
    assert not np.array_equal(vectors.user, vectors.candidate)


def test_no_profiles_give_empty_arrays(embedder):
    assert embedder.embed([]).user.shape == (0, embedder.dim)


def test_a_profile_of_which_nothing_is_known_gets_a_unit_vector(embedder):
    vectors = embedder.embed([ListenerProfile("x", Source.TABLE)])
    np.testing.assert_allclose(np.linalg.norm(vectors.stored, axis=1), 1.0, atol=1e-5)


def test_unknown_artists_are_told_apart_and_recognised(embedder):
    def of(artist: str) -> np.ndarray:
        item = Item(artist, "", 3.0, "plays")
        return embedder.embed([ListenerProfile("x", Source.TABLE, items=(item,))]).user[0]

    assert of("never heard of") @ of("somebody else") < 0.99
    assert of("never heard of") @ of("never heard of") == pytest.approx(1.0, abs=1e-5)


def test_an_unknown_track_lies_with_its_artist(embedder, trained):
    def of(artist: str, track: str) -> np.ndarray:
        item = Item(artist, track, 3.0, "plays")
        return embedder.embed([ListenerProfile("x", Source.TABLE, items=(item,))]).user[0]

    artists = trained.artefact.maker.vocabulary.keys[Field.ARTIST]
    unknown = of("artist 2 3", "artist 2 3|never released")
    near = {artist: float(unknown @ of(artist, "")) for artist in artists}
    assert max(near, key=lambda artist: near[artist]) == "artist 2 3"


def test_threads_may_share_it(embedder, profiles):
    expected = embedder.embed(profiles[:40]).stored
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda one: embedder.embed([one]).stored[0], profiles[:40]))
    np.testing.assert_array_equal(np.vstack(found), expected)


def test_embedding_takes_no_more_than_a_few_milliseconds(embedder, profiles):
    def took_ms(profile: ListenerProfile) -> float:
        start = perf_counter()
        embedder.embed([profile])
        return (perf_counter() - start) * 1e3

    assert median(map(took_ms, profiles[:100])) < 5.0


def test_towers_that_cannot_be_run_are_refused(trained):
    with pytest.raises(ModelBroken):
        LiteRtEmbedder(trained.artefact.with_file(SERVING, b"no towers at all"))


def test_serving_imports_neither_tensorflow_nor_other_heavy_packages(trained, tmp_path):
    save_artefact(trained.artefact, tmp_path / "model")
    program = (
        "import sys; from pathlib import Path; from towers.serving.embedder import LiteRtEmbedder;"
        "from matcher.domain.profile import ListenerProfile; from matcher.domain.listening import Source;"
        "LiteRtEmbedder.load(Path(sys.argv[1])).embed([ListenerProfile('x', Source.TABLE)]);"
        "heavy = {'tensorflow', 'tf_keras', 'keras', 'sklearn', 'pandas', 'scipy'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    root = str(Path(__file__).resolve().parents[3])
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "model")],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_loaded_artefact_knows_its_configuration_and_figures(trained, tmp_path):
    save_artefact(trained.artefact, tmp_path / "model")
    loaded = load_artefact(tmp_path / "model")
    assert loaded.config == trained.artefact.config
    assert loaded.metrics == trained.artefact.metrics
