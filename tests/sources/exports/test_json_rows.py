"""Rows of JSON are the same whether they are decoded together or one by one."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.exports import json_rows
from sources.exports.json_rows import rows_of

TEXTS = st.text('ab},{[]":\\ \n', max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
INDENTS = st.sampled_from([None, 1])


@pytest.fixture(scope="module", params=[1, 7, 64, 1 << 18], autouse=True)
def pieces(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_rows, "_PIECE", request.param)
        yield


@given(st.lists(VALUES, max_size=12), INDENTS)
def test_an_array_is_its_rows(values, indent):
    assert [row for _, row in rows_of(io.StringIO(json.dumps(values, indent=indent)))] == values


@given(st.dictionaries(TEXTS, st.lists(VALUES, max_size=4), max_size=4), INDENTS)
def test_an_object_of_arrays_is_the_rows_of_each(values, indent):
    found = list(rows_of(io.StringIO(json.dumps(values, indent=indent))))
    assert found == [(key, row) for key, rows in values.items() for row in rows]


@given(st.lists(VALUES, min_size=1, max_size=6), st.data())
def test_what_is_cut_off_is_refused(values, data):
    text = json.dumps(values)
    cut = data.draw(st.integers(1, len(text) - 1))
    with pytest.raises(ValueError, match=r"."):
        list(rows_of(io.StringIO(text[:cut])))


@pytest.mark.parametrize(
    "text", ['[{"a":1},]', '[{"a":1},,{"a":1}]', '[{"a":NaN},{"a":1},{"b":2}]', "[{},{}},{}]"]
)
def test_what_is_no_json_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        list(rows_of(io.StringIO(text)))
