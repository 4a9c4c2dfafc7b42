"""The sentence that says what a cluster is, in both languages."""

from datetime import date

from gis.words import Reason, Words, reason

SAYS = Words(
    en="{disease}, {zone}: {observed} cases since {since}, {expected} expected{times}. {seldom}",
    zh="{disease}，{zone}：自{since}起{observed}例，预期{expected}例{times}。{seldom}",
)
ALONE = Words(en="{place}", zh="{place}")
ROUND = Words(
    en="{areas} areas within {radius} of {place}", zh="{place}周围{radius}内{areas}个区域"
)
KILOMETRES = Words(en="{km} km", zh="{km}公里")
MINUTES = Words(en="{minutes} minutes by road", zh="道路{minutes}分钟")
TIMES = Words(en=" ({times} times as many)", zh="（{times}倍）")
NOTHING = Words(en="", zh="")
ONCE_IN_DAYS = Words(
    en="By chance as strong once in {days} days.", zh="偶然出现同样强的聚集约{days}天一次。"
)
ONCE_IN_YEARS = Words(
    en="By chance as strong once in {years} years.", zh="偶然出现同样强的聚集约{years}年一次。"
)
SELDOM = Words(
    en="By chance as strong less than once in 100 years.", zh="偶然出现同样强的聚集百年不足一次。"
)
_DAYS_A_YEAR = 365.25
_MOST_YEARS = 100.0


def reason_of(
    *,
    disease: Words,
    place: Words,
    areas: int,
    radius_m: float | None,
    radius_s: float | None,
    since: date,
    observed: int,
    expected: float,
    recurrence_days: float,
) -> Reason:
    """Return why a cluster is told: where, since when, how many for how many, how seldom."""
    return reason(
        "cluster",
        SAYS.filled(
            disease=disease,
            zone=_zone(place, areas, radius_m, radius_s),
            since=since.isoformat(),
            observed=observed,
            expected=_number(expected),
            times=TIMES.filled(times=_number(observed / expected)) if expected > 0 else NOTHING,
            seldom=seldom(recurrence_days),
        ),
    )


def seldom(recurrence_days: float) -> Words:
    """Return how often a cluster as strong is due by chance."""
    years = recurrence_days / _DAYS_A_YEAR
    if years >= _MOST_YEARS:
        return SELDOM
    if years >= 2:
        return ONCE_IN_YEARS.filled(years=f"{years:.0f}")
    return ONCE_IN_DAYS.filled(days=f"{recurrence_days:.0f}")


def _zone(place: Words, areas: int, radius_m: float | None, radius_s: float | None) -> Words:
    if areas == 1:
        return ALONE.filled(place=place)
    if radius_m is not None:
        radius = KILOMETRES.filled(km=_number(radius_m / 1000))
    else:
        radius = MINUTES.filled(minutes=_number((radius_s or 0.0) / 60))
    return ROUND.filled(areas=areas, radius=radius, place=place)


def _number(value: float) -> str:
    """Return a number as people say it: two digits below ten."""
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"
