"""Every error Earshot raises on purpose, in one tree.

EarshotError
├── SettingsError             a setting is missing or wrong
├── SignInError
│   ├── AccessDenied          the person said no on Spotify's consent page
│   ├── StateMismatch         the answer from Spotify does not belong to this browser, or was used before
│   ├── OtherAccount          the account that came back is not the one that went
│   ├── TooManySignIns        one address began signing in too often
│   └── GrantRevoked          Spotify no longer accepts the stored grant: reconnect
├── SpotifyError
│   ├── SpotifyUnreachable    no answer, a cut connection, or 5xx
│   ├── SpotifyMalformed      an answer that is not what the API promises
│   ├── RateLimited           too many calls: wait (retry_at_utc)
│   │   ├── QuotaExceeded     the developer account's quota is used up (retry_at_utc)
│   │   └── SignInWaits       signing in needs one call, which has to wait; its place is kept (retry_at_utc)
│   └── SpotifyForbidden      403 without a known reason
│       ├── NotAllowListed    the listener is not one of the app's five
│       ├── OwnerNotPremium   the app's owner has no Premium
│       ├── ScopeMissing      a permission was not granted
│       ├── NotPlaylistOwner  items of somebody else's playlist
│       └── EndpointGone      Spotify has closed this endpoint to this app
├── MatchingError
│   ├── NoCandidates          nobody to be matched with yet
│   ├── NoMusic               the listener has nothing to listen for
│   ├── NotSynced             no profile has been read yet
│   ├── TooFewArtists         the profile, or one facet of it, is too small to be matched (n_artists, least)
│   ├── NothingLeft           everything in the library is left out
│   ├── NotInLibrary          what was asked for does not stand in the library
│   ├── NotConnected          only listeners who have both agreed can be looked at together
│   ├── GroupSize             too few or too many for a group
│   └── UnknownListener       no such listener (perhaps erased)
├── ConsentError
│   ├── AliasRefused          the alias does not fit the rules
│   │   └── AliasTaken        another listener has it
│   └── NotAsked              nobody has asked to connect, or no longer
├── ModelError
│   ├── ModelMissing          no trained model where one is expected
│   ├── ModelBroken           the artefact does not verify
│   └── MapMissing            the model was trained before there were maps
├── Stopped                   the listener ended a reading
├── RefreshTooSoon            the library was read a moment ago: wait (retry_at_utc)
├── TasteTooSoon              the taste was changed, or looked at by facet, too often (retry_at_utc)
├── InputError                a file that cannot be read as what it should be
├── UntrainableSource         rows that must never reach a training set
├── PurgeRefused              more people than seems right are due to be erased, or a clock is wrong
├── StorageUnreachable        the database does not answer
└── StorageUnusable           the database answers, and is not as Earshot needs it
"""

from datetime import datetime


class EarshotError(Exception):
    """Base class of everything Earshot raises on purpose. The text is safe to show: no names, no tokens."""


class _RetryLater(Exception):
    def __init__(self, message: str, retry_at_utc: datetime) -> None:
        super().__init__(message)
        self.retry_at_utc = retry_at_utc


class SettingsError(EarshotError):
    """A setting is missing or wrong; the text lists every one at once."""


class SignInError(EarshotError):
    """Signing in did not work."""


class AccessDenied(SignInError):
    """The person declined on Spotify's consent page."""


class StateMismatch(SignInError):
    """The `state` is unknown, expired, already used, or belongs to another browser."""


class OtherAccount(SignInError):
    """Somebody signed in went to Spotify, and another account came back: nothing was changed."""


class TooManySignIns(SignInError):
    """Signing in was begun too often from one address within a minute."""


class GrantRevoked(SignInError):
    """Spotify no longer accepts the stored grant; the listener has to connect again."""


class SpotifyError(EarshotError):
    """A call to Spotify did not work."""


class SpotifyUnreachable(SpotifyError):
    """Spotify did not answer, or answered with a server error."""


class SpotifyMalformed(SpotifyError):
    """Spotify answered with something other than what its API promises."""


class RateLimited(_RetryLater, SpotifyError):
    """Too many calls in a short time.

    Attributes:
        retry_at_utc: when calls may be made again.
    """


class QuotaExceeded(RateLimited):
    """The developer account's quota is used up; the wait can be a day."""


class SignInWaits(RateLimited):
    """Somebody has agreed at Spotify; who they are can be asked only after a pause. Their place is kept."""


class SpotifyForbidden(SpotifyError):
    """Spotify refused (403) without a reason we know."""


class NotAllowListed(SpotifyForbidden):
    """The listener is not on the Development-Mode app's list of five."""


class OwnerNotPremium(SpotifyForbidden):
    """The owner of the Spotify app has no Premium subscription."""


class ScopeMissing(SpotifyForbidden):
    """The listener did not grant a permission that this call needs."""


class NotPlaylistOwner(SpotifyForbidden):
    """Items of a playlist the listener neither owns nor co-owns."""


class EndpointGone(SpotifyForbidden):
    """Spotify has closed this endpoint to this app."""


class MatchingError(EarshotError):
    """Matches cannot be shown."""


class NoCandidates(MatchingError):
    """There is nobody to be matched with yet."""


class NoMusic(MatchingError):
    """The listener's library has no artist and no track."""


class NotSynced(MatchingError):
    """The listener's music has not been read yet."""


class TooFewArtists(MatchingError):
    """There are too few artists to be matched on.

    Attributes:
        n_artists: how many there are; of tracks where there is no artist.
        least: how many are needed.
    """

    def __init__(self, message: str, n_artists: int, least: int) -> None:
        super().__init__(message)
        self.n_artists, self.least = n_artists, least


class NothingLeft(MatchingError):
    """Everything in the listener's library would be left out, so that nothing could be matched on."""


class NotInLibrary(MatchingError):
    """What is to be left out, or matched on, does not stand in the listener's library, or no longer."""


class NotConnected(MatchingError):
    """Only listeners who have both agreed can be looked at together."""


class GroupSize(MatchingError):
    """There are too few or too many listeners for what was asked."""


class UnknownListener(MatchingError):
    """There is no such listener; perhaps erased."""


class ConsentError(EarshotError):
    """Something between listeners, or about being seen, that cannot be done."""


class AliasRefused(ConsentError):
    """The alias is too short, too long, or holds what an alias must not."""


class AliasTaken(AliasRefused):
    """Another listener goes by this alias."""


class NotAsked(ConsentError):
    """The other has not asked to connect, or has taken it back."""


class RequestDeclined(ConsentError):
    """The other has declined a request of the listener's: for a time, or for good, none is sent again.

    Attributes:
        retry_at_utc: when it may be asked again; None for never.
    """

    def __init__(self, message: str, retry_at_utc: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at_utc = retry_at_utc


class ModelError(EarshotError):
    """The trained model cannot be used."""


class ModelMissing(ModelError):
    """There is no trained model in the configured folder."""


class ModelBroken(ModelError):
    """The artefact is incomplete or its checksums do not match."""


class MapMissing(ModelError):
    """The model carries no taste map: it was trained before there were any. Matching goes on without."""


class Stopped(EarshotError):
    """The listener ended a reading of their library before it was done; nothing was changed."""


class RefreshTooSoon(_RetryLater, EarshotError):
    """The library was read a moment ago; every reading costs calls that all listeners share.

    Attributes:
        retry_at_utc: when it may be read again.
    """


class TasteTooSoon(_RetryLater, EarshotError):
    """What is asked with was changed too often: whoever does so can read off what others have.

    Attributes:
        retry_at_utc: when it may be changed again.
    """


class InputError(EarshotError):
    """A file cannot be read as what it should be."""


class UntrainableSource(EarshotError):
    """Rows that came from the Spotify Web API must never reach a training set."""


class StorageUnreachable(EarshotError):
    """The database does not answer."""


class StorageUnusable(EarshotError):
    """The database answers, and is not as Earshot needs it: its operator has to do something."""


class PurgeRefused(EarshotError):
    """A purge would erase more people than seems right, or its clock is wrong: nobody is erased."""
