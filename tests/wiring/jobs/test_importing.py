from types import SimpleNamespace

import pytest

from matcher.errors import ModelBroken, ModelMissing
from wiring.jobs import importing
from wiring.jobs.importing import await_model


class Training:
    """A model that is there from the `n`th look on."""

    def __init__(self, n, error=ModelMissing):
        self.n, self.error, self.looks = n, error, 0

    def pipeline(self):
        self.looks += 1
        if self.looks < self.n:
            raise self.error("not yet")


@pytest.fixture(autouse=True)
def _look_often(monkeypatch):
    monkeypatch.setattr(importing, "_LOOK_EVERY_S", 0.0)


def test_an_import_waits_for_a_model_that_is_being_trained():
    models = Training(4)
    await_model(SimpleNamespace(models=models), wait_s=60)
    assert models.looks == 4


def test_without_waiting_a_missing_model_is_told_at_once():
    models = Training(4)
    with pytest.raises(ModelMissing):
        await_model(SimpleNamespace(models=models), wait_s=0)
    assert models.looks == 1


def test_a_broken_model_is_not_waited_for():
    with pytest.raises(ModelBroken):
        await_model(SimpleNamespace(models=Training(4, ModelBroken)), wait_s=60)
