"""Response times as lines for a terminal, in both languages."""

from dispatch.kpis.views import IntervalView, JudgedView, KpiView

_VERDICTS = {True: "达标 met", False: "未达标 not met", None: "不判定 not judged (n < 10)"}


def lines(view: KpiView) -> list[str]:
    """Return the lines: what was read, each interval with its exclusions, each standard."""
    profile = view.profile
    return [
        f"{profile.words.zh} {profile.words.en} ({profile.edition})",
        _read(view),
        "",
        *(_interval(one) for one in view.intervals),
        "",
        *(_standard(one) for one in view.standards),
        "",
        *(line for words in view.remarks for line in (words.zh, words.en)),
    ]


def _read(view: KpiView) -> str:
    return (
        f"{view.begin.isoformat()} – {view.until.isoformat()}: {view.calls} calls, "
        f"{view.responses} responses, {view.out_of_order} out of order"
    )


def _interval(one: IntervalView) -> str:
    mean, median, p90 = (_seconds(value) for value in (one.mean_s, one.median_s, one.p90_s))
    return (
        f"{one.group_words.en:<20} {one.interval:<18} n={one.used:<6} mean {mean:>7} "
        f"median {median:>7} p90 {p90:>7}  [missing {one.missing}, out of order "
        f"{one.out_of_order}, out of bounds {one.out_of_bounds}, future {one.future}]"
    )


def _standard(one: JudgedView) -> str:
    of = " ".join(one.categories)
    if one.share is not None:
        came = "-" if one.value is None else f"{100 * one.value:.1f} %"
        demand = f"{100 * one.share:g} % within {one.at_most_s:g} s"
    else:
        came, demand = _seconds(one.value), f"{one.statistic} at most {one.at_most_s:g} s"
    return (
        f"{one.group_words.en:<20} {one.interval:<18} {of:<8} {demand:<26} n={one.used:<6} "
        f"{came:>8}  {_VERDICTS[one.met]}"
    )


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} s"
