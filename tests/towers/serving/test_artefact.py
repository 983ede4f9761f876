"""The artefact: whole or not at all, verified before use, closed to tricks."""

import io
import json
from pathlib import Path

import numpy as np
import pytest

from matcher.errors import ModelBroken, ModelMissing
from towers.serving.artefact import (
    CONFIG,
    FIGURES,
    MANIFEST,
    METRICS,
    REQUIRED,
    SERVING,
    VOCABULARY,
    Artefact,
    load_artefact,
    read_arrays,
    save_artefact,
    write_arrays,
)
from towers.serving.embedder import LiteRtEmbedder


@pytest.fixture
def folder(trained, tmp_path) -> Path:
    save_artefact(trained.artefact, tmp_path / "model")
    return tmp_path / "model"


def rewrite_manifest(folder: Path, change) -> None:
    path = folder / MANIFEST
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))


def test_no_folder_is_a_missing_model(tmp_path):
    with pytest.raises(ModelMissing, match="earshot train"):
        load_artefact(tmp_path / "nothing")


def test_a_folder_without_manifest_is_a_missing_model(folder):
    (folder / MANIFEST).unlink()
    with pytest.raises(ModelMissing):
        load_artefact(folder)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_changed_file_is_refused(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelBroken, match="changed"):
        load_artefact(folder)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_file_that_is_gone_is_refused(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelBroken, match="lacks"):
        load_artefact(folder)


def test_a_file_that_the_manifest_leaves_out_is_refused(folder):
    rewrite_manifest(folder, lambda value: value["files"].pop(SERVING))
    with pytest.raises(ModelBroken, match="lacks"):
        load_artefact(folder)


def test_another_version_than_that_of_the_content_is_refused(folder):
    rewrite_manifest(folder, lambda value: value.update(model_version="0" * 16))
    with pytest.raises(ModelBroken, match="version"):
        load_artefact(folder)


@pytest.mark.parametrize(
    "name", ["../secret.json", "/etc/passwd", "a/b.json", "..", "manifest.json", "A.json", "x\n.json"]
)
def test_a_manifest_cannot_point_elsewhere(folder, name):
    (folder.parent / "secret.json").write_text("{}")
    rewrite_manifest(folder, lambda value: value["files"].update({name: "0" * 64}))
    with pytest.raises(ModelBroken):
        load_artefact(folder)


def test_a_link_to_elsewhere_is_refused(folder, tmp_path):
    moved = tmp_path / "elsewhere.json"
    (folder / CONFIG).rename(moved)
    (folder / CONFIG).symlink_to(moved)
    with pytest.raises(ModelBroken, match="lacks"):
        load_artefact(folder)


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"format": 99}', '{"format": 1, "files": {"a.json": 5}}', "[" * 100_000]
)
def test_a_manifest_that_makes_no_sense_is_refused(folder, text):
    (folder / MANIFEST).write_text(text)
    with pytest.raises(ModelBroken):
        load_artefact(folder)


_NONSENSE = [b"", b"[]", b"null", b"\xff\xfe", b"PK\x03\x04broken"]


@pytest.mark.parametrize("name", [CONFIG, VOCABULARY, FIGURES, SERVING])
@pytest.mark.parametrize("content", _NONSENSE)
def test_well_signed_nonsense_is_refused_when_it_is_loaded(trained, tmp_path, name, content):
    save_artefact(trained.artefact.with_file(name, content), tmp_path / "model")
    with pytest.raises(ModelBroken):
        LiteRtEmbedder.load(tmp_path / "model")


def test_a_configuration_of_another_shape_is_refused(trained):
    with pytest.raises(ModelBroken):
        LiteRtEmbedder(trained.artefact.with_file(CONFIG, b'{"dim": 7}'))


def test_pickles_are_never_opened():
    with pytest.raises(ModelBroken):
        read_arrays(_npz_with_pickle())


def _npz_with_pickle() -> bytes:
    target = io.BytesIO()
    np.savez(target, idf=np.asarray([{}], dtype=object))
    return target.getvalue()


def test_the_version_follows_the_content_but_not_the_metrics(trained):
    artefact = trained.artefact
    assert artefact.with_file(METRICS, b"{}").model_version == artefact.model_version
    assert artefact.with_file("ranker.json", b"{}").model_version != artefact.model_version


def test_further_files_are_kept_and_verified(trained, tmp_path):
    save_artefact(trained.artefact.with_file("ranker.json", b"{}"), tmp_path / "model")
    assert load_artefact(tmp_path / "model").files["ranker.json"] == b"{}"
    (tmp_path / "model" / "ranker.json").write_text("[]")
    with pytest.raises(ModelBroken):
        load_artefact(tmp_path / "model")


def test_a_model_without_its_towers_cannot_be_made(trained):
    files = {name: data for name, data in trained.artefact.files.items() if name != SERVING}
    with pytest.raises(ModelBroken, match=r"towers\.tflite"):
        Artefact(files)


def test_saving_replaces_the_model_that_was_there(trained, folder):
    other = trained.artefact.with_file("ranker.json", b"{}")
    assert save_artefact(other, folder) == load_artefact(folder).model_version == other.model_version


def test_a_failed_save_leaves_the_old_model_and_nothing_else(trained, folder, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr("towers.serving.artefact.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        save_artefact(trained.artefact, folder)
    assert [path.name for path in folder.parent.iterdir()] == ["model"]
    assert load_artefact(folder).model_version == trained.artefact.model_version


def test_nothing_of_a_single_listener_is_in_it(trained, world):
    ids = [one.listener_id.encode() for one in world.listenings]
    assert not any(one in content for one in ids for content in trained.artefact.files.values())


def test_equal_arrays_give_equal_bytes():
    first = write_arrays({"a": np.arange(3), "b": np.ones(2)})
    assert first == write_arrays({"b": np.ones(2), "a": np.arange(3)})
