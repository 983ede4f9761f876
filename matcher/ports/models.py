"""Knowing which models have served here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from matcher.ports.values import KnownModel


class ModelRegistry(Protocol):
    """The models that have served here.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def register(self, model_version: str, metrics: Mapping[str, Any], now: datetime) -> bool:
        """Keep that a model serves; False when it is known: then nothing changes.

        Args:
            model_version: digest of the model.
            metrics: its figures from training, JSON-ready; figures that are not finite are kept as null.
            now: the time, aware, UTC.
        """
        ...

    def models(self) -> tuple[KnownModel, ...]:
        """Every model that has served here, the latest first."""
        ...
