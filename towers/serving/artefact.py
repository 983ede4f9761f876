"""The artefact: a trained model as a folder of files, each with its checksum, under one version."""

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.errors import ModelBroken, ModelMissing
from towers.config import TowerConfig
from towers.features.feature_maker import AudioScale, FeatureMaker
from towers.features.vocabulary import Vocabulary

MANIFEST = "manifest.json"
CONFIG = "config.json"
VOCABULARY = "vocabulary.json"
FIGURES = "figures.npz"
WEIGHTS = "weights.npz"
SERVING = "towers.tflite"
METRICS = "metrics.json"

REQUIRED = (CONFIG, VOCABULARY, FIGURES, WEIGHTS, SERVING, METRICS)
_FORMAT = 1
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\.[a-z0-9]{1,16}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LARGEST_MANIFEST = 1_000_000

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Artefact:
    """A trained model: its files, and what they say.

    Attributes:
        files: contents by name. `REQUIRED` are always there; others (ranker, calibration, crowding) may stand
            beside.

    Raises:
        ModelBroken: a required file is absent, or a name is no plain file name.
    """

    files: Mapping[str, bytes]

    def __post_init__(self) -> None:
        absent = [name for name in REQUIRED if name not in self.files]
        if absent:
            raise ModelBroken(f"the model lacks {', '.join(absent)}; train it again")
        for name in self.files:
            _check_name(name)

    @cached_property
    def model_version(self) -> str:
        """16 hexadecimal digits: a digest of all files but the metrics, which hold times."""
        digests = _digests({name: data for name, data in self.files.items() if name != METRICS})
        return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()[:16]

    @cached_property
    def config(self) -> TowerConfig:
        """How the towers were built.

        Raises:
            ModelBroken: it cannot be read.
        """
        try:
            return TowerConfig.from_json(self.files[CONFIG].decode())
        except (ValueError, TypeError) as error:
            raise ModelBroken("the model's configuration cannot be read; train it again") from error

    @cached_property
    def maker(self) -> FeatureMaker:
        """Turns profiles into the features that this model was trained on.

        Raises:
            ModelBroken: vocabulary or figures cannot be read.
        """
        figures = read_arrays(self.files[FIGURES])
        try:
            vocabulary = Vocabulary.from_json(self.files[VOCABULARY].decode(), figures["idf"])
            scale = AudioScale(figures["audio_centre"], figures["audio_width"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelBroken("the model's vocabulary cannot be read; train it again") from error
        return FeatureMaker(vocabulary, scale, self.config.idf_power, self.config.bag_width)

    @property
    def metrics(self) -> dict[str, Any]:
        """What was measured in training.

        Raises:
            ModelBroken: it cannot be read.
        """
        try:
            return dict(json.loads(self.files[METRICS]))
        except (ValueError, TypeError) as error:
            raise ModelBroken("the model's metrics cannot be read; train it again") from error

    def with_file(self, name: str, content: bytes) -> "Artefact":
        """The same model with one more file, or another content of it; under a version of its own.

        Raises:
            ModelBroken: `name` is no plain file name.
        """
        return Artefact({**self.files, name: content})


def pack_artefact(
    config: TowerConfig,
    vocabulary: Vocabulary,
    scale: AudioScale,
    weights: Arrays,
    serving: bytes,
    metrics: Mapping[str, Any],
) -> Artefact:
    """Put a trained model into files.

    Args:
        config: how it was built.
        vocabulary: its tokens and their idf.
        scale: of the audio figures.
        weights: trained arrays by name.
        serving: the LiteRT export of both towers.
        metrics: what was measured; JSON-ready.
    """
    figures: Arrays = {"idf": vocabulary.idf, "audio_centre": scale.centre, "audio_width": scale.width}
    return Artefact(
        {
            CONFIG: config.to_json().encode(),
            VOCABULARY: vocabulary.to_json().encode(),
            FIGURES: write_arrays(figures),
            WEIGHTS: write_arrays(weights),
            SERVING: serving,
            METRICS: json.dumps(metrics, indent=2, sort_keys=True).encode(),
        }
    )


def save_artefact(artefact: Artefact, folder: Path) -> str:
    """Write a model, all or nothing: into a folder beside it, which then takes its name.

    A model that stood in `folder` is replaced.

    Returns:
        the model version.

    Raises:
        OSError: the disk refuses.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, content in {**artefact.files, MANIFEST: _manifest(artefact)}.items():
            _write(fresh / name, content)
        fresh.chmod(0o755)
        _replace(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return artefact.model_version


def load_artefact(folder: Path) -> Artefact:
    """Read a model and verify every file against the manifest.

    Raises:
        ModelMissing: there is no model in `folder`.
        ModelBroken: a file is absent, changed or misnamed, or the version is not that of the content.
    """
    if not (folder / MANIFEST).is_file():
        raise ModelMissing("there is no trained model yet; run `earshot train` or `earshot demo`")
    manifest = _read_manifest(folder / MANIFEST)
    files = {name: _read_verified(folder / name, digest) for name, digest in manifest["files"].items()}
    artefact = Artefact(files)
    if artefact.model_version != manifest.get("model_version"):
        raise ModelBroken("the model's version does not belong to its content; train it again")
    return artefact


def write_arrays(arrays: Arrays) -> bytes:
    """Arrays as the bytes of an .npz file; equal arrays give equal bytes."""
    target = io.BytesIO()
    np.savez(target, allow_pickle=False, **dict(sorted(arrays.items())))
    return target.getvalue()


def read_arrays(content: bytes) -> dict[str, NDArray[Any]]:
    """Arrays of the bytes of an .npz file, never unpickling.

    Raises:
        ModelBroken: it is no such file.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            return dict(found)
    except Exception as error:
        raise ModelBroken("the model's arrays cannot be read; train it again") from error


def _digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}


def _manifest(artefact: Artefact) -> bytes:
    value = {
        "format": _FORMAT,
        "model_version": artefact.model_version,
        "files": _digests(artefact.files),
    }
    return json.dumps(value, indent=2).encode()


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST_MANIFEST:
            raise ValueError("too large")
        value = json.loads(path.read_bytes())
        if value["format"] != _FORMAT:
            raise ValueError("another format")
        _check_files(value["files"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelBroken("the model's manifest cannot be read; train it again") from error
    return dict(value)


def _check_files(files: Mapping[str, str]) -> None:
    for name, digest in files.items():
        _check_name(name)
        if not _DIGEST.fullmatch(digest):
            raise ValueError("no digest")


def _check_name(name: str) -> None:
    if name == MANIFEST or not _NAME.fullmatch(name):
        raise ModelBroken("the model names a file that is none of its own")


def _read_verified(path: Path, digest: str) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise ModelBroken(f"the model lacks {path.name}; train it again")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise ModelBroken(f"{path.name} of the model was changed; train it again")
    return content


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _replace(fresh: Path, folder: Path) -> None:
    """Give `fresh` the name `folder`; what stood there is moved aside first, and back if that fails."""
    if not folder.exists():
        fresh.rename(folder)
        return
    aside = fresh.with_name(fresh.name + ".old")
    folder.rename(aside)
    try:
        fresh.rename(folder)
    except OSError:
        aside.rename(folder)
        raise
    shutil.rmtree(aside)
