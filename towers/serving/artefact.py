"""Artefact: a trained model as a folder of files with checksums and a version."""

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
from towers.features.feature_maker import AudioStandardiser, FeatureMaker
from towers.features.names import NameVectors
from towers.features.pooling import ItemVectors
from towers.features.vocabulary import Vocabulary

MANIFEST = "manifest.json"
CONFIG = "config.json"
VOCABULARY = "vocabulary.json"
FIGURES = "figures.npz"
WEIGHTS = "weights.npz"
SERVING = "towers.tflite"
METRICS = "metrics.json"
NAMES = "names.npz"
"""Absent if items have no names, or the configuration wants none."""

REQUIRED = (CONFIG, VOCABULARY, FIGURES, WEIGHTS, SERVING, METRICS)
FORMAT = 4
"""1 pooled by a weighted mean, inside the export; 2 had items by key rules 1; 3 knew no names."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\.[a-z0-9]{1,16}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MAX_MANIFEST_BYTES = 1_000_000

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Artefact:
    """Files of a trained model by name: all `REQUIRED`, and optional ones.

    Raises:
        ModelBroken: a required file is missing, or a name is not a plain file name.
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
        """16 hexadecimal digits: digest of all files but the metrics, which have timings."""
        digests = _digests({name: data for name, data in self.files.items() if name != METRICS})
        return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()[:16]

    @cached_property
    def config(self) -> TowerConfig:
        """Configuration of the towers.

        Raises:
            ModelBroken: it cannot be read.
        """
        try:
            return TowerConfig.from_json(self.files[CONFIG].decode())
        except (ValueError, TypeError) as error:
            raise ModelBroken("the model's configuration cannot be read; train it again") from error

    @cached_property
    def maker(self) -> FeatureMaker:
        """Feature maker with the vocabulary of this model.

        Raises:
            ModelBroken: the vocabulary or its arrays cannot be read.
        """
        figures = read_arrays(self.files[FIGURES])
        try:
            vocabulary = Vocabulary.from_json(self.files[VOCABULARY].decode(), figures["idf"])
            standardiser = AudioStandardiser(figures["audio_centre"], figures["audio_width"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelBroken("the model's vocabulary cannot be read; train it again") from error
        with_names = NAMES in self.files
        return FeatureMaker(
            vocabulary, standardiser, self.config.idf_power, self.config.bag_width, with_names
        )

    @cached_property
    def items(self) -> ItemVectors:
        """Vectors of the items, and of names.

        Raises:
            ModelBroken: they cannot be read.
        """
        try:
            table = read_arrays(self.files[WEIGHTS])["items"]
            names = NameVectors.from_arrays(read_arrays(self.files[NAMES])) if NAMES in self.files else None
            if names is not None and names.rows.shape[1] != table.shape[1]:
                raise ValueError("names lie in another space than items")
        except (ValueError, KeyError, TypeError) as error:
            raise ModelBroken("the model's vectors of items cannot be read; train it again") from error
        return ItemVectors(table, names)

    @property
    def metrics(self) -> dict[str, Any]:
        """Figures measured in training.

        Raises:
            ModelBroken: it cannot be read.
        """
        try:
            return dict(json.loads(self.files[METRICS]))
        except (ValueError, TypeError) as error:
            raise ModelBroken("the model's metrics cannot be read; train it again") from error

    def with_file(self, name: str, content: bytes) -> "Artefact":
        """A copy with one file added or replaced, and so with another model version.

        Raises:
            ModelBroken: `name` is not a plain file name.
        """
        return Artefact({**self.files, name: content})

    def with_metrics(self, **figures: object) -> "Artefact":
        """A copy with JSON-ready figures added to the metrics; the model version stays."""
        return self.with_file(METRICS, _metrics({**self.metrics, **figures}))


def pack_artefact(
    config: TowerConfig,
    vocabulary: Vocabulary,
    standardiser: AudioStandardiser,
    weights: Arrays,
    serving: bytes,
    metrics: Mapping[str, Any],
) -> Artefact:
    """Make an artefact of trained towers.

    `weights` are trained arrays by name, `serving` the LiteRT export, `metrics` JSON-ready.
    """
    figures: Arrays = {
        "idf": vocabulary.idf,
        "audio_centre": standardiser.centre,
        "audio_width": standardiser.width,
    }
    return Artefact(
        {
            CONFIG: config.to_json().encode(),
            VOCABULARY: vocabulary.to_json().encode(),
            FIGURES: write_arrays(figures),
            WEIGHTS: write_arrays(weights),
            SERVING: serving,
            METRICS: _metrics(metrics),
        }
    )


def _metrics(metrics: Mapping[str, Any]) -> bytes:
    return json.dumps(metrics, indent=2, sort_keys=True).encode()


def save_artefact(artefact: Artefact, folder: Path) -> str:
    """Write a model atomically, replacing any in `folder`; return its version.

    Raises:
        OSError: the files cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    # written beside the target and renamed at the end, so that no reader finds half a model
    written = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, content in {**artefact.files, MANIFEST: _manifest(artefact)}.items():
            _write(written / name, content)
        written.chmod(0o755)
        _replace(written, folder)
    finally:
        shutil.rmtree(written, ignore_errors=True)
    return artefact.model_version


def load_artefact(folder: Path) -> Artefact:
    """Read a model and verify every file against the manifest.

    Raises:
        ModelMissing: there is no model in `folder`.
        ModelBroken: a file is missing, changed or misnamed, or the version does not match the content.
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
    """Serialise arrays to the bytes of an .npz file; equal arrays give equal bytes."""
    target = io.BytesIO()
    np.savez(target, allow_pickle=False, **dict(sorted(arrays.items())))
    return target.getvalue()


def read_arrays(content: bytes) -> dict[str, NDArray[Any]]:
    """Read the arrays of an .npz file without unpickling.

    Raises:
        ModelBroken: the content is not an .npz file of plain arrays.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return dict(arrays)
    except Exception as error:
        raise ModelBroken("the model's arrays cannot be read; train it again") from error


def _digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}


def _manifest(artefact: Artefact) -> bytes:
    value = {
        "format": FORMAT,
        "model_version": artefact.model_version,
        "files": _digests(artefact.files),
        "data": artefact.metrics.get("data", []),
    }
    return json.dumps(value, indent=2).encode()


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MAX_MANIFEST_BYTES:
            raise ValueError("too large")
        value = json.loads(path.read_bytes())
        if value["format"] != FORMAT:
            raise ValueError("another format")
        for name, digest in value["files"].items():
            _check_name(name)
            if not _DIGEST.fullmatch(digest):
                raise ValueError("no digest")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelBroken("the model's manifest cannot be read; train it again") from error
    return dict(value)


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


def _replace(written: Path, folder: Path) -> None:
    """Rename `written` to `folder`; restore the previous folder if that fails."""
    if not folder.exists():
        written.rename(folder)
        return
    previous = written.with_name(written.name + ".old")
    folder.rename(previous)
    try:
        written.rename(folder)
    except OSError:
        previous.rename(folder)
        raise
    shutil.rmtree(previous)
