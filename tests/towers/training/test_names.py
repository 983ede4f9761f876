"""What names tell of items nobody had."""

import dataclasses
from collections import Counter

import numpy as np
import pytest

from matcher.domain.listening import Source
from matcher.domain.profile import Item, ListenerProfile
from matcher.errors import ModelBroken
from towers.config import TowerConfig
from towers.features.names import NameVectors, ngrams
from towers.features.vocabulary import Field
from towers.serving.artefact import NAMES, Artefact, read_arrays, write_arrays
from towers.serving.embedder import LiteRtEmbedder
from towers.training.names import learn_names
from towers.training.train_towers import train_towers

CONFIG = TowerConfig(dim=8, table_dim=8, epochs=1, min_steps=1, n_buckets=4, bag_width=32, holdout_share=0.0)


def naive(keys, vectors, weights, row):
    """The unit vector of one item by the names of the others, written out."""
    found = [ngrams([key]) for key in keys]
    counts = [dict(zip(one.row.tolist(), one.weight.tolist(), strict=True)) for one in found]
    frequency = Counter(gram for one in counts for gram in one)
    units = []
    for one in counts:
        entry = {g: count * (np.log((1 + len(keys)) / (1 + frequency[g])) + 1) for g, count in one.items()}
        length = np.sqrt(sum(value**2 for value in entry.values()))
        units.append({g: value / length for g, value in entry.items()})
    centred = vectors - np.average(vectors, axis=0, weights=weights)
    total = np.zeros(vectors.shape[1])
    for gram, value in units[row].items():
        others = [at for at in range(len(keys)) if at != row and gram in units[at]]
        shares = np.array([weights[at] * units[at][gram] for at in others])
        total += value * (shares @ centred[others]) / (shares.sum() + 1.0) if others else 0.0
    length = np.linalg.norm(total)
    return total / length if length > 1e-9 else total


@pytest.fixture(scope="module")
def items():
    rng = np.random.default_rng(0)
    keys = [
        f"{first} {last}" for first in ("dj", "mc", "saint") for last in ("krush", "shadow", "aurora")
    ] + ["q"]
    return keys, rng.normal(size=(10, 4)).astype(np.float32), rng.uniform(1, 3, 10)


def test_what_is_expected_of_an_item_leaves_out_itself(items):
    keys, vectors, weights = items
    expected = [naive(keys, vectors, weights, row) for row in range(len(keys))]
    np.testing.assert_allclose(learn_names(keys, vectors, weights).expected, expected, atol=1e-9)


def test_an_item_that_is_called_like_no_other_expects_nothing(items):
    assert not learn_names(*items).expected[-1].any()


def test_names_without_n_grams_in_any_place_are_passed_over():
    found = learn_names(["", "abba", "", "abba two", ""], np.eye(5, dtype=np.float32), np.ones(5)).expected
    assert found[[1, 3]].any(axis=1).all()
    assert not found[[0, 2, 4]].any()


def test_an_unheard_name_lies_with_those_of_its_sort():
    rng = np.random.default_rng(1)
    sorts = np.repeat([0, 1], 200)
    keys = [f"{'кино' if sort else 'metal'} {rng.integers(1e6)}" for sort in sorts]
    vectors = (np.eye(4)[sorts] + rng.normal(0, 0.3, (400, 4))).astype(np.float32)
    names = NameVectors(learn_names(keys, vectors, np.ones(400)).rows, 0.5)
    cyrillic, latin = names.of(["киноман", "metallica"])
    assert cyrillic[1] > 0.2 > -0.2 > cyrillic[0]
    assert latin[0] > 0.2 > -0.2 > latin[1]


def listener(number: int, *keys: str) -> ListenerProfile:
    items = tuple(Item(key, "", 1.0, "plays") for key in keys)
    return ListenerProfile(f"l{number}", Source.TABLE, items=items)


@pytest.fixture(scope="module")
def scenes() -> list[ListenerProfile]:
    """Two scenes, whose artists are called in two ways."""
    rng = np.random.default_rng(2)
    words = (["nord", "fjell", "skog", "vinter"], ["sol", "playa", "noche", "fuego"])
    pools = [[f"{a} {b}{n}" for a in scene for b in scene for n in range(8)] for scene in words]
    return [listener(n, *rng.choice(pools[n % 2], 12, replace=False)) for n in range(120)]


def trained(scenes, **changes) -> Artefact:
    return train_towers(scenes, dataclasses.replace(CONFIG, **changes)).artefact


@pytest.fixture(scope="module")
def named(scenes) -> Artefact:
    return trained(scenes)


def test_listeners_of_unheard_artists_meet_by_what_these_are_called(named):
    embedder = LiteRtEmbedder(named)
    people = [listener(1, "fjell vinter"), listener(2, "skog nord 99"), listener(3, "playa noche 99")]
    one, alike, other = embedder.embed(people).user
    assert one @ alike > 0.9
    assert one @ other < 0.3


def test_without_names_they_do_not(scenes):
    artefact = trained(scenes, names=0.0)
    assert NAMES not in artefact.files
    one, alike = LiteRtEmbedder(artefact).embed([listener(1, "fjell x"), listener(2, "fjell y")]).user
    assert abs(one @ alike) < 0.9


def test_the_fewer_listeners_an_item_has_the_more_its_name_tells(scenes, named):
    plain, with_names = (
        read_arrays(one.files["weights.npz"])["items"] for one in (trained(scenes, names=0.0), named)
    )
    vocabulary = named.maker.vocabulary
    tokens = [vocabulary.token(Field.ARTIST, key) for key in vocabulary.keys[Field.ARTIST]]
    cosine = np.sum(plain[tokens] * with_names[tokens], axis=1)
    cosine /= np.linalg.norm(plain[tokens], axis=1) * np.linalg.norm(with_names[tokens], axis=1)
    assert cosine[:20].mean() > cosine[-20:].mean()  # most frequent first


def test_few_names_tell_nothing(scenes):
    assert NAMES not in trained(scenes[:5]).files


def test_ids_are_no_names():
    rng = np.random.default_rng(3)
    people = [listener(n, *(f"#{k}" for k in rng.choice(400, 12, replace=False))) for n in range(60)]
    assert NAMES not in trained(people).files


def test_names_of_another_width_than_the_items_are_refused(named):
    arrays = read_arrays(named.files[NAMES])
    other = named.with_file(NAMES, write_arrays({**arrays, "rows": arrays["rows"][:, :4]}))
    with pytest.raises(ModelBroken, match="items"):
        LiteRtEmbedder(other)
