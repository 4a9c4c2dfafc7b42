"""What signals say as events. No numbers: whoever may see them asks for them."""

from gis.rooms.model import Event
from gis.words import Words


def _event(name: str, says: str, words: Words) -> Event:
    return Event(f"signal.{name}", "signal", says, words)


SIGNAL_EVENTS = (
    _event(
        "raised", "A run found a series unusual that was not, or has a new case.",
        Words(en="Signal raised: {disease} ({lead})", zh="新预警信号：{disease}（{lead}）"),
    ),
    _event(
        "woken", "A muted signal has a new case.",
        Words(en="New case: signal of {disease} is back", zh="出现新病例，{disease}信号恢复"),
    ),
    _event(
        "acknowledged", "Somebody has seen a signal and works on it.",
        Words(en="Signal of {disease} acknowledged", zh="已确认{disease}信号"),
    ),
    _event(
        "explained", "Somebody says why a signal is there.",
        Words(en="Signal of {disease} explained", zh="已解释{disease}信号"),
    ),
    _event(
        "muted", "A signal is not shown until there is a new case.",
        Words(en="Signal of {disease} muted until a new case", zh="{disease}信号静默至出现新病例"),
    ),
    Event(
        "surveillance_run.judged", "surveillance_run", "A day of a city was judged.",
        Words(en="{day} judged", zh="已监测{day}"),
    ),
    _event(
        "advised", "Dispatch is advised to mind a signal; no count of ill people goes along.",
        Words(en="Dispatch advised until {until}", zh="已提示调度，至{until}"),
    ),
    _event(
        "ended", "No run has found a signal for two weeks.",
        Words(en="Signal of {disease} ended", zh="{disease}信号已结束"),
    ),
)  # fmt: skip
