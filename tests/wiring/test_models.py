import os
import shutil
from datetime import UTC, datetime

import pytest

from matcher.errors import ModelMissing, StorageUnreachable
from tests.fakes.records import FakeModelRegistry
from wiring.cli.models import figures
from wiring.models import ModelInService

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Broken:
    def register(self, *_):
        raise StorageUnreachable("the database does not answer")


def in_service(folder, registry):
    return ModelInService(folder, registry, lambda: NOON)


def test_a_model_is_registered_with_its_figures_when_it_first_serves(files):
    registry = FakeModelRegistry()
    models = in_service(files / "model", registry)
    assert registry.models() == ()
    version = models.pipeline().embedder.model_version
    (known,) = registry.models()
    assert (known.model_version, known.first_served_at_utc) == (version, NOON)
    assert known.metrics["n_listeners"] > 0


def test_a_model_is_loaded_once_and_again_when_the_folder_was_replaced(files, tmp_path):
    folder = shutil.copytree(files / "model", tmp_path / "model")
    models = in_service(folder, FakeModelRegistry())
    first = models.pipeline()
    assert models.pipeline() is first
    os.utime(folder / "manifest.json", ns=(1, 1))
    assert models.pipeline() is not first


def test_a_model_that_cannot_be_registered_does_not_serve_and_is_tried_again(files):
    models = in_service(files / "model", Broken())
    with pytest.raises(StorageUnreachable):
        models.pipeline()
    models._registry = FakeModelRegistry()
    assert models.pipeline() is not None


def test_no_model_is_told_as_such(tmp_path):
    registry = FakeModelRegistry()
    with pytest.raises(ModelMissing):
        in_service(tmp_path / "none", registry).pipeline()
    assert registry.models() == ()


def test_the_figures_that_fit_on_a_line_are_told():
    metrics = {"n_listeners": 1760, "n_pairs": 12, "best_epoch": 1, "watch_mrr": [0.8, 0.85, 0.7]}
    assert figures(metrics) == "1,760 listeners, 12 pairs, MRR 0.850"


@pytest.mark.parametrize("metrics", [{}, {"watch_mrr": None, "best_epoch": 9}, {"n_listeners": "many"}])
def test_figures_that_are_not_there_are_not_made_up(metrics):
    assert figures(metrics) == ""
