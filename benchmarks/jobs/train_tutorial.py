"""Trains the model of the TFRS retrieval tutorial, and builds its index.

After https://www.tensorflow.org/recommenders/examples/basic_retrieval: StringLookup and Embedding a tower,
32 dimensions, Retrieval task, Adagrad at 0.1, three epochs, brute-force index. Without its FactorizedTopK
metric, which would score every item at every step and take far longer.
"""

import time
from typing import Any

from benchmarks.subprocesses import peak_memory_mib
from benchmarks.synthetic_profiles import catalogue, make_listeners
from towers.model.backend import tf, tf_keras, tfrs

DIM, BATCH, EPOCHS, LEARNING_RATE = 32, 4096, 3, 0.1


class TutorialModel(tfrs.Model):  # type: ignore[misc]
    """Two towers that know listeners and items by their ids alone.

    Args:
        listener_ids, item_ids: the vocabularies.
    """

    def __init__(self, listener_ids: list[str], item_ids: list[str]) -> None:
        super().__init__()
        self.listener = _tower(listener_ids)
        self.item = _tower(item_ids)
        self.task = tfrs.tasks.Retrieval()

    def compute_loss(self, features: Any, training: bool = False) -> Any:
        """In-batch softmax loss of pairs of listener and item."""
        del training
        return self.task(self.listener(features["listener"]), self.item(features["item"]))


def _tower(vocabulary: list[str]) -> Any:
    lookup = tf_keras.layers.StringLookup(vocabulary=vocabulary, mask_token=None)
    return tf_keras.Sequential([lookup, tf_keras.layers.Embedding(len(vocabulary) + 1, DIM)])


def answer(request: dict[str, Any]) -> dict[str, Any]:
    profiles = list(make_listeners(request["n"], "known", request["seed"], catalogue().tags_only))
    tf_keras.utils.set_random_seed(request["seed"])
    before_mib, started_s = peak_memory_mib(), time.perf_counter()
    pairs = [(profile.listener_id, key) for profile in profiles for key in profile.tracks]
    listeners, items = (list(column) for column in zip(*pairs, strict=True))
    loss = _train(listeners, items, request["seed"])
    return {"seconds": time.perf_counter() - started_s, "before_mib": before_mib, "loss": loss}


def _train(listeners: list[str], items: list[str], seed: int) -> float:
    unique = sorted(set(items))
    model = TutorialModel(sorted(set(listeners)), unique)
    model.compile(optimizer=tf_keras.optimizers.Adagrad(LEARNING_RATE))
    data = tf.data.Dataset.from_tensor_slices({"listener": listeners, "item": items})
    data = data.shuffle(100_000, seed=seed, reshuffle_each_iteration=False).batch(BATCH).cache()
    history = model.fit(data, epochs=EPOCHS, verbose=0)
    index = tfrs.layers.factorized_top_k.BruteForce(model.listener, k=20)
    named = tf.data.Dataset.from_tensor_slices(unique).batch(100)
    index.index_from_dataset(named.map(lambda keys: (keys, model.item(keys))))
    index(tf.constant(listeners[:1]))
    return float(history.history["loss"][-1])
