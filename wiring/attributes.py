"""Providers of audio attributes, in order."""

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.domain.audio import AudioAttributes
from matcher.domain.listening import Listening, Source
from matcher.ports import AttributeCache, AttributeProvider, Clock
from sources.attribute_chain import ChainedAttributes
from sources.reccobeats import ReccoBeats, ReccoBeatsSettings
from spotify_client.calls.cooldown import CooldownStore
from spotify_client.calls.grants import Grants
from spotify_client.library.audio_features import SpotifyAudioFeatures
from spotify_client.settings import SpotifySettings
from wiring.settings import Settings


@dataclass(frozen=True, slots=True)
class OnlySignedIn:
    """Limits a provider to listening read from Spotify: no requests for imports."""

    provider: AttributeProvider

    def attributes(self, listening: Listening) -> Mapping[str, AudioAttributes]:
        """Attributes of Spotify listening; empty for any other."""
        return self.provider.attributes(listening) if listening.source is Source.SPOTIFY_API else {}


def attribute_providers(
    config: Settings,
    imported: AttributeProvider,
    grants: Grants,
    spotify: SpotifySettings,
    cooldowns: CooldownStore,
    cache: AttributeCache,
    clock: Clock,
) -> AttributeProvider:
    """The imported table, then ReccoBeats and Spotify where they are enabled."""
    providers = [imported]
    if config.reccobeats:
        service = ReccoBeats(clock, cache, ReccoBeatsSettings(config.reccobeats_address))
        providers.append(OnlySignedIn(service))
    if config.spotify_audio_features:
        providers.append(SpotifyAudioFeatures(grants, spotify, cooldowns, cache, clock))
    return ChainedAttributes(providers)
