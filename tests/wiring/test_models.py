"""The model in service: told by the database, followed by every process."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

import wiring.models
from matcher.errors import ModelBroken, ModelMissing, StorageUnreachable
from matcher.ports import ModelState
from tests.fakes.records import FakeModelRegistry
from wiring.cli.models import figures
from wiring.models import ModelInService, ModelShelf

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Broken:
    def models(self):
        raise StorageUnreachable("the database does not answer")


class Clock:
    now_utc, now_s = NOON, 100.0

    def __call__(self):
        return self.now_utc

    def pass_s(self, seconds):
        self.now_utc += timedelta(seconds=seconds)
        self.now_s += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(wiring.models, "monotonic", lambda: clock.now_s)
    return clock


@pytest.fixture
def shelf(tmp_path):
    return ModelShelf(tmp_path / "models")


def in_service(folder, registry, shelf, clock=lambda: NOON):
    return ModelInService(folder, registry, clock, shelf)


def test_where_none_serves_the_one_in_the_folder_is_adopted_with_its_figures(files, shelf):
    registry = FakeModelRegistry()
    models = in_service(files / "model", registry, shelf)
    assert registry.models() == ()
    version = models.pipeline().embedder.model_version
    (known,) = registry.models()
    assert (known.model_version, known.state) == (version, ModelState.SERVING)
    assert known.first_served_at_utc == NOON
    assert known.metrics["n_listeners"] > 0
    assert shelf.has(version)


def test_a_folder_that_was_replaced_does_not_serve(files, shelf, next_model, tmp_path, clock):
    folder = shutil.copytree(files / "model", tmp_path / "model")
    models = in_service(folder, FakeModelRegistry(), shelf, clock)
    first = models.pipeline()
    shutil.rmtree(folder)
    shutil.copytree(next_model, folder)
    clock.pass_s(60)
    assert models.pipeline() is first


def test_another_process_follows_within_five_seconds(files, shelf, next_model, clock):
    registry = FakeModelRegistry()
    models = in_service(files / "model", registry, shelf, clock)
    before = models.pipeline().embedder.model_version
    after = shelf.put(next_model).model_version
    registry.propose(after, {}, NOON)
    registry.serve(after, [ModelState.PROPOSED], NOON)
    assert models.pipeline().embedder.model_version == before
    clock.pass_s(5)
    assert models.pipeline().embedder.model_version == after


def test_one_page_is_of_one_model_from_top_to_end(files, shelf, next_model, clock):
    registry = FakeModelRegistry()
    models = in_service(files / "model", registry, shelf, clock)
    before = models.pipeline()
    after = shelf.put(next_model).model_version
    registry.propose(after, {}, NOON)
    with models.pinned():
        registry.serve(after, [ModelState.PROPOSED], NOON)
        clock.pass_s(5)
        assert models.pipeline() is before
    assert models.pipeline().embedder.model_version == after


def test_without_a_model_a_page_may_still_be_drawn(tmp_path, shelf):
    models = in_service(tmp_path / "none", FakeModelRegistry(), shelf)
    with models.pinned(), pytest.raises(ModelMissing):
        models.pipeline()


def test_others_are_those_to_come_and_for_a_week_the_one_before(files, shelf, next_model, clock):
    registry = FakeModelRegistry()
    models = in_service(files / "model", registry, shelf, clock)
    first = models.pipeline().embedder.model_version
    second = shelf.put(next_model).model_version
    registry.propose(second, {}, clock())

    def others():
        models.look_again()
        return [one.embedder.model_version for one in models.others()]

    assert others() == []
    for state in (ModelState.EMBEDDING, ModelState.READY):
        registry.move(second, list(ModelState), state, clock())
        assert others() == [second]
    registry.serve(second, [ModelState.READY], clock())
    assert others() == [first]
    clock.now_utc += timedelta(days=7, seconds=1)
    assert others() == []


def test_a_coming_model_that_is_damaged_stops_nothing(files, shelf, next_model, clock):
    registry = FakeModelRegistry()
    models = in_service(files / "model", registry, shelf, clock)
    models.pipeline()
    version = shelf.put(next_model).model_version
    (shelf._folder / version / "towers.tflite").write_bytes(b"damaged")
    registry.propose(version, {}, NOON)
    registry.move(version, [ModelState.PROPOSED], ModelState.EMBEDDING, NOON)
    models.look_again()
    assert models.others() == []
    with pytest.raises(ModelBroken):
        models.load(version)


def test_where_the_files_of_what_serves_are_gone_the_folder_serves(files, shelf, clock):
    registry = FakeModelRegistry()
    registry.propose("gone", {}, NOON)
    registry.serve("gone", [ModelState.PROPOSED], NOON)
    version = in_service(files / "model", registry, shelf, clock).pipeline().embedder.model_version
    assert registry.serving() == version


def test_a_database_that_is_away_is_told_before_the_first_model_and_not_after(files, shelf, clock):
    models = in_service(files / "model", Broken(), shelf, clock)
    with pytest.raises(StorageUnreachable):
        models.pipeline()
    models._registry = FakeModelRegistry()
    served = models.pipeline()
    models._registry = Broken()
    clock.pass_s(60)
    assert models.pipeline() is served


def test_no_model_is_told_as_such(tmp_path, shelf):
    registry = FakeModelRegistry()
    with pytest.raises(ModelMissing):
        in_service(tmp_path / "none", registry, shelf).pipeline()
    assert registry.models() == ()


def test_whether_artists_can_be_picked_is_known_without_loading(files, shelf, tmp_path):
    models = in_service(files / "model", FakeModelRegistry(), shelf)
    found = models.has_picking()
    assert found == (models.pipeline().picker is not None) == models.has_picking()
    assert not in_service(tmp_path / "none", FakeModelRegistry(), shelf).has_picking()


def test_the_figures_that_fit_on_a_line_are_told():
    metrics = {"n_listeners": 1760, "n_pairs": 12, "best_epoch": 1, "watch_mrr": [0.8, 0.85, 0.7]}
    assert figures(metrics) == "1,760 listeners, 12 pairs, MRR 0.850"


@pytest.mark.parametrize("metrics", [{}, {"watch_mrr": None, "best_epoch": 9}, {"n_listeners": "many"}])
def test_figures_that_are_not_there_are_not_made_up(metrics):
    assert figures(metrics) == ""
