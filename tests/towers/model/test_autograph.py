"""AutoGraph transforms the towers on every promised Python, or training fails: never half of it."""

import warnings

import pytest

from towers.model.backend import tf


def clipped(x):
    if tf.reduce_sum(x) > 0:  # only a transformed function can branch on a tensor
        return x
    return tf.zeros(len(x))


def test_functions_are_transformed_while_warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = tf.function(clipped)(tf.constant([-1.0, -2.0]))
    assert found.numpy().tolist() == [0.0, 0.0]


def test_the_filters_of_warnings_stay_as_they_were():
    before = list(warnings.filters)
    tf.function(lambda x: x if tf.reduce_sum(x) > 0 else -x)(tf.constant([-1.0]))
    assert warnings.filters == before


def test_a_function_that_cannot_be_transformed_is_refused_rather_than_run_as_it_is(monkeypatch):
    from tensorflow.python.autograph.impl import api

    def fails(*_):
        raise ValueError("not today")

    monkeypatch.setattr(api, "_convert_actual", fails)
    with pytest.raises(ValueError, match="not today"):
        tf.function(lambda x: x + 1)(tf.constant([1.0]))
