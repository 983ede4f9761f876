"""Messages for errors: what happened, what to do, and a button."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from matcher import errors
from matcher.errors import (
    EarshotError,
    InputError,
    QuotaExceeded,
    RateLimited,
    RefreshTooSoon,
    RequestDeclined,
    ServiceLimited,
    SignInWaits,
    TasteTooSoon,
    TooFewArtists,
    UnknownListener,
)
from ui import clock, texts


class Action(Enum):
    """Action offered on the page."""

    SIGN_IN = auto()
    RETRY = auto()
    RESUME = auto()
    RELOAD = auto()
    COME_IN = auto()
    BRING = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Message:
    """Message for an error.

    Attributes:
        title: a few words.
        happened: what happened, one sentence.
        cure: what to do.
        action: its button.
    """

    title: str
    happened: str
    cure: str
    action: Action


ACTIONS: Mapping[type[EarshotError], Action] = {
    errors.SignInError: Action.SIGN_IN,
    errors.SpotifyError: Action.RETRY,
    errors.ServiceError: Action.RETRY,
    errors.UnknownName: Action.NOTHING,
    errors.NameIsPrivate: Action.NOTHING,
    errors.TokenRefused: Action.NOTHING,
    errors.ServiceClosed: Action.NOTHING,
    errors.NoCandidates: Action.RELOAD,
    errors.NoMusic: Action.RETRY,
    errors.NotSynced: Action.RETRY,
    errors.TooFewArtists: Action.RETRY,
    errors.NothingLeft: Action.RELOAD,
    errors.OnlySource: Action.NOTHING,
    errors.NotInLibrary: Action.RELOAD,
    errors.OtherAccount: Action.NOTHING,
    errors.AccountTaken: Action.NOTHING,
    errors.SpotifyNotAdded: Action.NOTHING,
    errors.SessionEnded: Action.NOTHING,
    errors.KeyMistyped: Action.NOTHING,
    errors.KeyUnknown: Action.NOTHING,
    errors.SignInWaits: Action.COME_IN,
    errors.UnknownListener: Action.SIGN_IN,
    errors.ScopeMissing: Action.SIGN_IN,
    errors.AliasRefused: Action.NOTHING,
    errors.RequestDeclined: Action.NOTHING,
    errors.NotOnEarshot: Action.NOTHING,
    errors.NotProven: Action.NOTHING,
    errors.Stopped: Action.RESUME,
    errors.RefreshTooSoon: Action.NOTHING,
    errors.TasteTooSoon: Action.NOTHING,
    errors.UploadRefused: Action.NOTHING,
    errors.InputError: Action.BRING,
    errors.UntrainableSource: Action.NOTHING,
    EarshotError: Action.RELOAD,
}
"""Actions by error class; subclasses inherit."""


def every_error(root: type[EarshotError] = EarshotError) -> Iterator[type[EarshotError]]:
    """`root` and all its subclasses in matcher/errors.py."""
    yield root
    for below in root.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from every_error(below)


def action_of(error_class: type[EarshotError]) -> Action:
    """Action of a class or its nearest base class."""
    return next(ACTIONS[above] for above in error_class.__mro__ if above in ACTIONS)


MESSAGES: Mapping[type[EarshotError], Message] = {
    error_class: Message(*texts.problems.PROBLEMS[error_class.__name__], action_of(error_class))
    for error_class in every_error()
    if error_class.__name__ in texts.problems.PROBLEMS
}
"""Messages by error class."""

_WAITING = {one.__name__: one for root in (RateLimited, ServiceLimited) for one in every_error(root)}
_LONGEST_PAUSE = timedelta(days=8)
_NAMED = {error_class.__name__: message for error_class, message in MESSAGES.items()}


def message_for(error: EarshotError) -> Message:
    """Message of an error's class or its nearest base class."""
    message = next(MESSAGES[above] for above in type(error).__mro__ if above in MESSAGES)
    if isinstance(error, RateLimited | ServiceLimited | RefreshTooSoon | TasteTooSoon):
        return replace(
            message, cure=texts.grammar.at(_pattern(error), clock.here(whole_minute(error.retry_at_utc)))
        )
    if isinstance(error, InputError) and (told := str(error)):
        return replace(message, happened=f"{told[0].upper()}{told[1:].rstrip('.')}.")
    if isinstance(error, TooFewArtists):
        counted = texts.problems.TOO_FEW.format(least=error.least, n=error.n_artists)
        return replace(message, happened=counted)
    if isinstance(error, RequestDeclined) and error.retry_at_utc:
        pattern = texts.problems.ASK_AGAIN
        return replace(message, cure=texts.grammar.at(pattern, clock.here(error.retry_at_utc)))
    return message


def _pattern(error: EarshotError) -> str:
    if isinstance(error, SignInWaits):
        return texts.problems.PLACE_FROM
    return texts.problems.RETRY_ON if isinstance(error, QuotaExceeded) else texts.problems.RETRY_AT


def message_between(error: EarshotError) -> Message:
    """Message for an error of acting on another listener; reveals no reason."""
    known = Message(*texts.problems.ANOTHER_GONE, Action.NOTHING)
    message = known if isinstance(error, UnknownListener) else message_for(error)
    return replace(message, happened=f"{texts.problems.NOTHING_CHANGED} {message.happened}")


def message_named(class_name: str, until: str = "") -> Message | None:
    """Message for a class named in the URL; None for any other text.

    Args:
        class_name: untrusted text from the URL.
        until: end of the error, in seconds since 1970, from the URL; used only for errors that end, and only
            within the week that a cooldown may last.
    """
    waits, moment = _WAITING.get(class_name), _moment(until)
    if waits is None or moment is None:
        return _NAMED.get(class_name)
    if moment <= datetime.now(UTC):
        now = texts.problems.PLACE_NOW if waits is SignInWaits else texts.problems.RETRY_NOW
        return replace(_NAMED[class_name], cure=now)
    return message_for(waits("until then", moment))


def _moment(until: str) -> datetime | None:
    """A time within `_LONGEST_PAUSE` of now; None for any other text."""
    if not (until.isascii() and until.isdigit() and len(until) <= len("9999999999")):
        return None
    moment = datetime.fromtimestamp(int(until), UTC)
    return moment if abs(moment - datetime.now(UTC)) <= _LONGEST_PAUSE else None


def whole_minute(moment: datetime) -> datetime:
    """Round up to a whole minute, so that nobody tries too early."""
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + timedelta(minutes=1)
