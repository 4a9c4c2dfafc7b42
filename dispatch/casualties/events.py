"""What a mass casualty incident writes into the log of its incident."""

from gis.rooms.model import Event
from gis.words import Words

_SAYS = {
    "mci_declared": (
        "The incident was declared a mass casualty incident, or declared so again.",
        Words(
            en="Mass casualty incident declared ({estimate})", zh="宣布群体伤亡事件（{estimate}）"
        ),
    ),
    "mci_ended": (
        "The mass casualty incident was ended.",
        Words(en="Mass casualty incident ended", zh="群体伤亡事件结束"),
    ),
    "casualty_found": (
        "A casualty was found and tagged.",
        Words(en="Casualty {tag} found", zh="发现伤员{tag}"),
    ),
    "casualty_sorted": (
        "A casualty got a colour, the first or another.",
        Words(en="Casualty {tag}: {colour}", zh="伤员{tag}：{colour}"),
    ),
    "casualty_moved": (
        "A casualty is in another sector.",
        Words(en="Casualty {tag} in {sector}", zh="伤员{tag}位于{sector}"),
    ),
    "casualty_bound": (
        "A hospital was chosen for a casualty: with a promised bed, or how else.",
        Words(
            en="Casualty {tag} to {facility_name} ({bed})",
            zh="伤员{tag}送往{facility_name}（{bed}）",
        ),
    ),
    "casualty_unbound": (
        "A casualty has no hospital any more.",
        Words(en="Casualty {tag}: hospital taken back", zh="伤员{tag}：已取消送往医院"),
    ),
    "casualty_left": (
        "A casualty left the scene.",
        Words(en="Casualty {tag} left", zh="伤员{tag}已离开现场"),
    ),
    "casualty_arrived": (
        "A casualty arrived at its hospital.",
        Words(en="Casualty {tag} arrived", zh="伤员{tag}已到达医院"),
    ),
    "casualty_released": (
        "A casualty was treated and let go at the scene.",
        Words(en="Casualty {tag} let go", zh="伤员{tag}现场处理后离开"),
    ),
    "aid_asked": (
        "Somebody wrote down that another service was asked for units.",
        Words(en="{service} asked for {units} units", zh="已向{service}请求{units}辆车"),
    ),
    "aid_changed": (
        "A request to another service was answered, or its units are there.",
        Words(en="{service}: {aid}", zh="{service}：{aid}"),
    ),
}

CASUALTY_EVENTS = tuple(
    Event(f"incident.{name}", "incident", says, words) for name, (says, words) in _SAYS.items()
)
