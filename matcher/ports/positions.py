"""Where visible listeners lie, without who they are."""

from typing import Protocol

from matcher.domain.vectors import Floats


class PositionStore(Protocol):
    """Projects stored vectors where they are kept, so that no vector has to travel."""

    def sample_products(self, axes: Floats, model_version: str, n: int) -> Floats:
        """[m, 2] float32, m <= n: inner products with two axes, of those who may be found, without ids.

        Always the same listeners, as long as they are there: an arbitrary sample of those who are
        discoverable and not paused, and have a vector of that version. Nobody else ever enters.

        Args:
            axes: [2, 2 * dim] float32.
            model_version: only vectors of this version are looked at.
            n: how many at most; 0 or fewer give none.
        """
        ...
