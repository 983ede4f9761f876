from datetime import UTC, datetime, timedelta

import pytest

from matcher import errors
from matcher.errors import EarshotError
from ui import messages, texts
from ui.messages import Action

RETRY_AT = datetime(2026, 11, 21, 14, 5, 20, tzinfo=UTC)
EVERY = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, EarshotError)]


@pytest.mark.parametrize("error_class", EVERY)
def test_every_error_has_a_message_of_its_own(error_class: type[EarshotError]):
    message = messages.MESSAGES[error_class]
    assert all((message.title, message.happened, message.cure))


def test_no_message_is_about_an_error_that_does_not_exist():
    assert set(texts.problems.PROBLEMS) == {one.__name__ for one in EVERY}


def test_titles_tell_errors_apart():
    assert len({message.title for message in messages.MESSAGES.values()}) == len(EVERY)


def test_an_unknown_error_is_told_as_its_nearest_ancestor():
    class Hiccup(errors.SpotifyUnreachable):
        pass

    assert messages.message_for(Hiccup("x")) == messages.MESSAGES[errors.SpotifyUnreachable]


def test_that_another_is_not_there_is_not_told_as_ones_own_missing_profile():
    message = messages.message_between(errors.UnknownListener("x"))
    assert message.title == texts.problems.ANOTHER_GONE[0]
    assert message.action is Action.NOTHING


def test_an_error_between_two_says_that_nothing_changed_and_then_what_happened():
    whole, between = (say(errors.NotAsked("x")) for say in (messages.message_for, messages.message_between))
    assert between.happened == f"{texts.problems.NOTHING_CHANGED} {whole.happened}"
    assert (between.title, between.cure, between.action) == (whole.title, whole.cure, whole.action)


def test_a_rate_limit_names_the_next_whole_minute():
    assert "14:06 UTC" in messages.message_for(errors.RateLimited("x", RETRY_AT)).cure


def test_a_rate_limit_on_the_whole_minute_names_that_minute():
    assert "14:05 UTC" in messages.message_for(errors.RateLimited("x", RETRY_AT.replace(second=0))).cure


def test_a_used_up_quota_names_the_day_too():
    cure = messages.message_for(errors.QuotaExceeded("x", RETRY_AT)).cure
    assert "21 November 2026" in cure
    assert "14:06 UTC" in cure


@pytest.mark.parametrize("error_class", [errors.GrantRevoked, errors.ScopeMissing])
def test_what_only_a_new_sign_in_mends_offers_one(error_class: type[EarshotError]):
    assert messages.MESSAGES[error_class].action is Action.SIGN_IN


def test_a_name_from_an_address_finds_its_message():
    assert messages.message_named("AccessDenied") == messages.MESSAGES[errors.AccessDenied]


def seconds(**later: float) -> str:
    return str(int((datetime.now(UTC) + timedelta(**later)).timestamp()))


@pytest.mark.parametrize("name", ["SignInWaits", "QuotaExceeded", "RateLimited"])
def test_the_time_in_an_address_is_told(name: str):
    until = seconds(hours=3)
    told = messages.whole_minute(datetime.fromtimestamp(int(until), UTC))
    assert f"{told:%H:%M} UTC" in messages.message_named(name, until).cure


def test_a_time_that_has_passed_says_that_it_has():
    assert messages.message_named("SignInWaits", seconds(hours=-1)).cure == texts.problems.PLACE_NOW
    assert messages.message_named("QuotaExceeded", seconds(hours=-1)).cure == texts.problems.RETRY_NOW


@pytest.mark.parametrize("until", ["", "x", "-5", "1e9", "9" * 40, "٣", "0"])
def test_any_other_time_in_an_address_is_not_looked_at(until: str):
    assert messages.message_named("SignInWaits", until) == messages.MESSAGES[errors.SignInWaits]


def test_a_time_that_is_far_away_is_not_looked_at():
    far = seconds(days=30)
    assert messages.message_named("SignInWaits", far) == messages.MESSAGES[errors.SignInWaits]


def test_only_what_ends_by_itself_has_a_time():
    assert messages.message_named("AccessDenied", seconds(hours=3)) == messages.MESSAGES[errors.AccessDenied]


@pytest.mark.parametrize("name", ["", "KeyError", "accessdenied", "<script>", "__class__"])
def test_any_other_name_from_an_address_finds_nothing(name: str):
    assert messages.message_named(name) is None


def test_a_declined_request_says_when_it_can_be_sent_again_if_ever():
    assert "ask again on" in messages.message_for(errors.RequestDeclined("x", RETRY_AT)).cure
    assert "cannot be sent again" in messages.message_for(errors.RequestDeclined("x")).cure


def test_with_too_few_artists_it_is_told_how_many_there_are_and_how_many_it_takes():
    told = messages.message_for(errors.TooFewArtists("x", 3, 5))
    assert told.happened == "Earshot needs at least 5 artists to match anybody; here there are 3."
    assert "five artists" in messages.MESSAGES[errors.TooFewArtists].happened
