"""Which days are working days in one place: weekends, bank holidays, and the controller's corrections.

A calendar is certain up to the end of its last year; past that it refuses, and never guesses.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.metadata import version

LAST_CERTAIN_YEAR = 2028
"""GOV.UK has published bank holidays up to here, and the library agrees with it."""

NATIONS = {"ENG": "England", "WLS": "Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}
REST_WEEKDAYS = {5: "a Saturday", 6: "a Sunday"}
ONE_DAY = timedelta(days=1)
NOTHING_ADDED: Mapping[date, str] = {}


class CalendarEnds(ValueError):  # noqa: N818 -- it says what happened, as StopIteration does
    """A day was asked about that lies beyond what the calendar knows."""


@dataclass(frozen=True)
class Calendar:
    """The rest days of one nation, country or state; made by `Calendar.of`."""

    place: str
    added: Mapping[date, str] = field(default_factory=dict)
    dropped: frozenset[date] = frozenset()
    ends_with_year: int = LAST_CERTAIN_YEAR
    _years: dict[int, Mapping[date, str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @staticmethod
    def of(
        place: str,
        extra_holidays: Mapping[date, str] = NOTHING_ADDED,
        dropped: Collection[date] = (),
    ) -> "Calendar":
        """Return the calendar of ENG, WLS, SCT or NIR, or of a place such as GB-ENG, DE-BE, IE, US-federal.

        `extra_holidays` and `dropped` correct it, for a proclamation the library does not know.
        """
        return _calendar(place, frozenset(extra_holidays.items()), frozenset(dropped))

    @property
    def version(self) -> str:
        """What a date was reckoned with: the library's version and the corrections."""
        corrections = f"{len(self.added)} added, {len(self.dropped)} dropped"
        return f"{self.place}, holidays {version('holidays')}, {corrections}"

    def is_rest_day(self, day: date) -> bool:
        return self.name_of(day) is not None

    def name_of(self, day: date) -> str | None:
        """Return why `day` is not a working day: "Boxing Day", "a Sunday"; None if it is one."""
        return self.holiday(day) or REST_WEEKDAYS.get(day.weekday())

    def holiday(self, day: date) -> str | None:
        """Return the name of the bank holiday on `day`, if it is one."""
        known = self._years.get(day.year)
        if known is None:
            known = self._years[day.year] = self._year(day)
        return known.get(day)

    def next_working_day(self, day: date) -> date:
        """Return `day` itself if it is a working day, else the first one after it."""
        while self.is_rest_day(day):
            day += ONE_DAY
        return day

    def working_days_after(self, day: date, count: int) -> date:
        """Return the working day that is `count` working days after `day`."""
        for _ in range(count):
            day = self.next_working_day(day + ONE_DAY)
        return day

    def _year(self, day: date) -> Mapping[date, str]:
        if day.year > self.ends_with_year:
            raise CalendarEnds(
                f"The holidays of {NATIONS.get(self.place, self.place)} are known up to the end of "
                f"{self.ends_with_year}, so {day.isoformat()} cannot be reckoned yet."
            )
        official = _library(self.place, day.year).items()
        kept = {on: name for on, name in official if on not in self.dropped}
        return kept | {on: name for on, name in self.added.items() if on.year == day.year}


@lru_cache(maxsize=64)
def _calendar(place: str, added: frozenset[tuple[date, str]], dropped: frozenset[date]) -> Calendar:
    place = place.removeprefix("GB-")
    _library(place, LAST_CERTAIN_YEAR)
    return Calendar(place, dict(added), dropped)


@cache
def _library(place: str, year: int) -> Mapping[date, str]:
    """Return what the library knows of `place` in `year`; it is imported only when asked."""
    from holidays import country_holidays  # noqa: PLC0415 -- half of a command's start-up time

    country, subdivision = _place(place)
    try:
        # Named in English, whatever language the machine is set to.
        days = country_holidays(country, subdivision, year, language="en_US")
    except NotImplementedError:
        raise ValueError(f"No holidays are known for {place!r}.") from None
    return {on: name.replace("(observed)", "(substitute day)") for on, name in days.items()}


def _place(name: str) -> tuple[str, str | None]:
    if name in NATIONS:
        return "GB", name
    if name in {"GB", "UK"}:
        raise ValueError(
            f"{name} has no holidays of its own: name the nation, {', '.join(NATIONS)}."
        )
    country, _, subdivision = name.partition("-")
    return country, None if subdivision == "federal" else subdivision or None
