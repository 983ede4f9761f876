"""Times as players, services and people write them."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from dateutil import parser

EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Other times are a clock that was not set: players write 1970 and the year 1 for "unknown"."""

_WRONG = "played_at is not a time such as 2026-11-01T20:15:00Z"
_AMBIGUOUS = "played_at may be day/month or month/day; write 2026-11-01"
_SECONDS_BY_DIGITS = {9: 1.0, 10: 1.0, 12: 1e-3, 13: 1e-3, 15: 1e-6, 16: 1e-6, 18: 1e-9, 19: 1e-9}
_NUMBER = re.compile(r"\d{9,19}(?:\.\d+)?|0(?:\.0+)?|\d\.\d+e\+?\d+", re.IGNORECASE)
_MIDNIGHT = re.compile(r"(?<=[T ])24:00(?::00)?(?:\.0+)?(?!\d)")
_LEAP_SECOND = re.compile(r"(?<=:\d\d):60(?!\d)")
_BY_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_AND_YEAR = re.compile(r"(?=.*[^\W\d_]{3})(?=.*\b\d{1,2}(?:st|nd|rd|th)?\b)(?=.*\b\d{4}\b)", re.DOTALL)
_TWO_DAYS = datetime(2001, 1, 1, tzinfo=UTC), datetime(2004, 2, 2, tzinfo=UTC)


class Dates:
    """Reads the times of one table.

    14/03/2026 tells that the table writes the day first, and so how 04/03/2026 is meant.
    """

    def __init__(self) -> None:
        self._day_first: bool | None = None

    def learn(self, texts: Iterable[str]) -> None:
        """Find out whether days or months are first, from the dates that leave no doubt."""
        if self._day_first is None:
            orders = {_order(text) for text in texts if not text[:3].isdigit()} - {None}
            self._day_first = orders.pop() if len(orders) == 1 else None

    def time_of(self, text: str) -> datetime | None:
        """The time in UTC, which is also taken where no zone is given; None if it is unknown.

        Unknown are an empty text and a time before `EARLIEST` or after `LATEST`.

        Raises:
            ValueError: the text is no time, or may be two.
        """
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = self._other(text)
        if found.tzinfo is not UTC:
            found = _in_utc(found)
        return found if EARLIEST.year < found.year < LATEST.year or EARLIEST <= found < LATEST else None

    def _other(self, text: str) -> datetime:
        try:
            if _NUMBER.fullmatch(text):
                return _from_epoch(float(text))
            if _MIDNIGHT.search(text):
                return self._other(_MIDNIGHT.sub("00:00", text)) + timedelta(days=1)
            text = _LEAP_SECOND.sub(":59", text)
            if numbers := _BY_NUMBERS.match(text):
                return parser.parse(text, dayfirst=self._is_day_first(text, numbers), tzinfos=_zone)
            return _iso(text) or _in_words(text)
        except (ValueError, OverflowError, ArithmeticError, AttributeError, TypeError) as error:
            raise ValueError(_AMBIGUOUS if str(error) == _AMBIGUOUS else _WRONG) from None

    def _is_day_first(self, text: str, numbers: re.Match[str]) -> bool:
        if numbers[2] == ".":
            return True
        order = _order(text)
        order = self._day_first if order is None else order
        if order is None:
            if numbers[1] != numbers[3]:
                raise ValueError(_AMBIGUOUS)
            return True
        return order


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(_WRONG) from None


def _zone(_: str | None, offset_s: int | None) -> timezone | None:
    """The zone of a time; None for names such as CET, of which there are several of one name."""
    # without this, the parser warns of such a name and quotes the text, which then stands in a log
    return None if offset_s is None else timezone(timedelta(seconds=offset_s))


def _order(text: str) -> bool | None:
    """Whether the day is first; None if the text does not tell."""
    numbers = _BY_NUMBERS.match(text)
    if numbers is None or (int(numbers[1]) > 12) == (int(numbers[3]) > 12):
        # only those who write months first also write hours up to twelve
        return False if numbers and numbers[2] == "/" and text[-1:] in "Mm" else None
    return int(numbers[1]) > 12


def _from_epoch(number: float) -> datetime:
    scale = _SECONDS_BY_DIGITS.get(len(str(int(number))), 1.0)
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=number * scale)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _in_words(text: str) -> datetime:
    """Such as "14 Mar 2026, 21:07", with an hour and zone of any form."""
    if not (_DAY_AND_YEAR.match(text) or re.match(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)", text)):
        raise ValueError(_WRONG)
    one, other = (parser.parse(text, default=day, tzinfos=_zone) for day in _TWO_DAYS)
    if one != other:  # what the text leaves open would be taken from the default
        raise ValueError(_WRONG)
    return one
