"""All errors that Earshot raises on purpose, in one tree; leaves share a line.

EarshotError
├── SettingsError
├── SignInError: AccessDenied, StateMismatch, OtherAccount, AccountTaken, SpotifyNotAdded, SessionEnded,
│   TooManySignIns, GrantRevoked, KeyMistyped, KeyUnknown
├── SpotifyError: SpotifyUnreachable, SpotifyMalformed
│   ├── RateLimited: QuotaExceeded, SignInWaits
│   └── SpotifyForbidden: NotAllowListed, OwnerNotPremium, ScopeMissing, NotPlaylistOwner, EndpointGone
├── ServiceError: ServiceUnreachable, ServiceMalformed, ServiceLimited, ServiceClosed, UnknownName,
│   NameIsPrivate, TokenRefused
├── MatchingError: NoCandidates, NoMusic, NotSynced, TooFewArtists, NothingLeft, OnlySource, NotInLibrary,
│   NotConnected, GroupSize, UnknownListener
├── ConsentError: NotAsked, RequestDeclined, NotOnEarshot, NotProven
│   └── AliasRefused: AliasTaken
├── ModelError: ModelMissing, ModelBroken, MapMissing
├── Stopped, RefreshTooSoon, TasteTooSoon
├── UploadRefused: NoFile, FileTooLarge, UploadBroken, UploadsFull, TooManyUploads, TooManyNames,
│   StillReading
├── InputError, UntrainableSource, PurgeRefused
└── StorageUnreachable, StorageUnusable
"""

from datetime import datetime


class EarshotError(Exception):
    """Base class. The text is safe to show: no names, no tokens."""


class _RetryLater(Exception):
    def __init__(self, message: str, retry_at_utc: datetime) -> None:
        super().__init__(message)
        self.retry_at_utc = retry_at_utc


class SettingsError(EarshotError):
    """Settings are missing or wrong; the text lists all of them."""


class SignInError(EarshotError):
    """Sign-in failed."""


class AccessDenied(SignInError):
    """The person declined on Spotify's consent page."""


class StateMismatch(SignInError):
    """The OAuth `state` is unknown, expired, used, or from another browser."""


class OtherAccount(SignInError):
    """Spotify returned an account other than the one signed in; nothing was changed."""


class AccountTaken(SignInError):
    """Another listener signs in with the account that was to be connected; nothing was changed."""


class SpotifyNotAdded(SignInError):
    """Spotify was to be connected; the person declined there, or it sent no code."""


class SessionEnded(SignInError):
    """Spotify was to be connected for a session that has ended; nothing was changed."""


class TooManySignIns(SignInError):
    """Too many sign-ins started from one address within a minute."""


class GrantRevoked(SignInError):
    """Spotify rejects the stored grant; the listener has to reconnect."""


class KeyMistyped(SignInError):
    """What was typed is no recovery key, by its length or its check symbols."""


class KeyUnknown(SignInError):
    """No account has this recovery key; perhaps it was renewed, or the account erased."""


class SpotifyError(EarshotError):
    """A call to Spotify failed."""


class SpotifyUnreachable(SpotifyError):
    """No answer from Spotify, or a server error (5xx)."""


class SpotifyMalformed(SpotifyError):
    """An answer from Spotify that violates its API."""


class RateLimited(_RetryLater, SpotifyError):
    """Too many calls to Spotify; retry at `retry_at_utc`."""


class QuotaExceeded(RateLimited):
    """The developer account's quota is used up; the wait can be a day."""


class SignInWaits(RateLimited):
    """Rate limit while reading who signed in; the sign-in is kept and can be resumed."""


class SpotifyForbidden(SpotifyError):
    """Spotify refused (403) for an unknown reason."""


class NotAllowListed(SpotifyForbidden):
    """The listener is not among the five users of the Development-Mode app."""


class OwnerNotPremium(SpotifyForbidden):
    """The owner of the Spotify app has no Premium subscription."""


class ScopeMissing(SpotifyForbidden):
    """The call needs a permission that the listener has not granted."""


class NotPlaylistOwner(SpotifyForbidden):
    """Items of a playlist that the listener does not own or co-own."""


class EndpointGone(SpotifyForbidden):
    """Spotify has closed this endpoint to this app."""


class ServiceError(EarshotError):
    """A call to ListenBrainz or Last.fm failed."""


class ServiceUnreachable(ServiceError):
    """No answer from the service, or a server error (5xx)."""


class ServiceMalformed(ServiceError):
    """An answer that violates the service's API."""


class ServiceLimited(_RetryLater, ServiceError):
    """Too many calls to the service; retry at `retry_at_utc`."""


class UnknownName(ServiceError):
    """The service has nobody of this name."""


class NameIsPrivate(ServiceError):
    """The owner of this name lets nobody see what they play."""


class TokenRefused(ServiceError):
    """The service does not know the token or sign-in that should prove whose a name is."""


class ServiceClosed(ServiceError):
    """The service is not set up here, or refuses this Earshot's key: the operator has to act."""


class MatchingError(EarshotError):
    """Matches cannot be shown."""


class NoCandidates(MatchingError):
    """There are no candidates yet."""


class NoMusic(MatchingError):
    """The listener's library has no artist and no track."""


class NotSynced(MatchingError):
    """The listener's library has not been read yet."""


class TooFewArtists(MatchingError):
    """Too few artists for a match.

    Attributes:
        n_artists: number of artists; of tracks if there is no artist.
        least: number required.
    """

    def __init__(self, message: str, n_artists: int, least: int) -> None:
        super().__init__(message)
        self.n_artists, self.least = n_artists, least


class NothingLeft(MatchingError):
    """The exclusions would cover the whole library."""


class OnlySource(MatchingError):
    """The source to remove is the only one there is."""


class NotInLibrary(MatchingError):
    """The item to exclude or to match on is not in the listener's library."""


class NotConnected(MatchingError):
    """The listeners must be connected for this."""


class GroupSize(MatchingError):
    """Too few or too many listeners for a group."""


class UnknownListener(MatchingError):
    """No such listener; perhaps erased."""


class ConsentError(EarshotError):
    """An action between listeners, or on visibility, that is not possible."""


class NotProven(ConsentError):
    """Nobody is found by the music of a name that anybody could have typed."""


class AliasRefused(ConsentError):
    """The alias is too short, too long, or contains something not allowed."""


class AliasTaken(AliasRefused):
    """Another listener has this alias."""


class NotAsked(ConsentError):
    """There is no request to accept; perhaps withdrawn."""


class NotOnEarshot(ConsentError):
    """The other is known from open data only, and cannot be asked."""


class RequestDeclined(ConsentError):
    """The other declined before; no new request until `retry_at_utc`, or ever if None."""

    def __init__(self, message: str, retry_at_utc: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at_utc = retry_at_utc


class ModelError(EarshotError):
    """The trained model cannot be used."""


class ModelMissing(ModelError):
    """No trained model in the configured folder."""


class ModelBroken(ModelError):
    """The artefact is incomplete or its checksums do not match."""


class MapMissing(ModelError):
    """The model was trained without a taste map. Matching still works."""


class Stopped(EarshotError):
    """The listener stopped a sync; nothing was changed."""


class RefreshTooSoon(_RetryLater, EarshotError):
    """A sync before `retry_at_utc`: syncs use calls that all listeners share."""


class TasteTooSoon(_RetryLater, EarshotError):
    """The query was changed again before `retry_at_utc`: frequent changes can probe."""


class UploadRefused(EarshotError):
    """A file was not taken; nothing was changed."""


class NoFile(UploadRefused):
    """No file was sent, or only empty ones."""


class FileTooLarge(UploadRefused):
    """What was sent is larger, or more files, than is allowed."""


class UploadBroken(UploadRefused):
    """The file did not arrive whole, or far too slowly."""


class UploadsFull(UploadRefused):
    """Too many files at once from everybody, or the disk is nearly full."""


class TooManyUploads(UploadRefused):
    """Too many files from one address within an hour, or at once."""


class TooManyNames(UploadRefused):
    """Too many user names from one address within an hour."""


class TooManyPicks(UploadRefused):
    """Too many presses from one address within a minute, or accounts within an hour."""


class StillReading(UploadRefused):
    """The listener's music is being read already."""


class InputError(EarshotError):
    """A file does not have the expected format."""


class UntrainableSource(EarshotError):
    """Rows from the Spotify Web API, which must never be used for training."""


class StorageUnreachable(EarshotError):
    """The database does not answer."""


class StorageUnusable(EarshotError):
    """The database answers, but its set-up is wrong: the operator has to act."""


class PurgeRefused(EarshotError):
    """A purge would erase suspiciously many people, or the clock is wrong."""
