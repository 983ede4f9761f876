"""Chain of audio attribute providers."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from matcher.domain.audio import AudioAttributes
from matcher.domain.canonical_keys import keys_of
from matcher.domain.listening import Listening, once_each
from matcher.errors import EarshotError
from matcher.ports import AttributeProvider

_LOG = logging.getLogger(__name__)


class ChainedAttributes:
    """`AttributeProvider` that asks each provider for the tracks still unknown."""

    def __init__(self, providers: Sequence[AttributeProvider]) -> None:
        self._providers = tuple(providers)

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        found: dict[str, AudioAttributes] = {}
        tracks = once_each(listening.hearings)
        for provider in self._providers:
            rest = tuple(one for one in tracks if keys_of(one)[1] not in found)
            if rest:
                found = {**self._ask(provider, replace(listening, hearings=rest)), **found}
        return found

    def _ask(self, provider: AttributeProvider, listening: Listening) -> Mapping[str, AudioAttributes]:
        try:
            return provider.attributes(listening)
        # a failing provider is skipped: attributes are optional for a match
        except EarshotError as error:
            _LOG.warning("%s gave no attributes: %s", type(provider).__name__, type(error).__name__)
            return {}
