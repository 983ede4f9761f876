"""Settings of every test run."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Machines that run tests are shared and slow at times; a slow draw says nothing about the code.
settings.register_profile("earshot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("earshot")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Longest first, the rest as collected."""
    from tests.sharing import place_of

    items.sort(key=lambda item: place_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Whole groups to a process, in the order of collection."""
    from tests.sharing import SharingOut

    config.option.loadscopereorder = False
    return SharingOut(config, log)
