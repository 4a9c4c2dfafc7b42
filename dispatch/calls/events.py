"""What happens to a telephone call, as events of the subject `call`."""

from gis.rooms.model import Event
from gis.words import Words

_TOLD = {
    "rang": ("A call rings.", Words(en="A call rings", zh="电话振铃")),
    "answered": ("A call was answered.", Words(en="Call answered", zh="电话已接听")),
    "held": ("A call was put on hold.", Words(en="Call on hold", zh="电话保持")),
    "resumed": ("A call on hold goes on.", Words(en="Call goes on", zh="电话恢复")),
    "abandoned": ("The caller hung up.", Words(en="The caller hung up", zh="来电人挂断")),
    "transferred": (
        "A call was given to another centre.",
        Words(en="Call transferred to {to}", zh="电话转至{to}"),
    ),
    "ended": ("A call ended.", Words(en="Call ended", zh="通话结束")),
    "silent": (
        "Nobody speaks on the line.",
        Words(en="Nobody speaks on the line", zh="线路无人说话"),
    ),
    "spoke": (
        "Somebody speaks after all.",
        Words(en="Somebody speaks after all", zh="来电人已开口"),
    ),
    "call_back_tried": (
        "Somebody tried to call back.",
        Words(en="Called back: {result}", zh="回拨：{result}"),
    ),
    "call_back_overdue": (
        "Nobody has called back in time.",
        Words(en="Call-back overdue", zh="回拨超时"),
    ),
    "located": (
        "A phone said where it is.",
        Words(en="The phone says where it is (±{radius_m} m)", zh="手机上报位置（±{radius_m}米）"),
    ),
    "link_made": (
        "A link was made that asks the phone where it is.",
        Words(en="Link for the phone's place made", zh="已生成手机定位链接"),
    ),
}

CALL_EVENTS = tuple(
    Event(f"call.{name}", "call", says, words) for name, (says, words) in _TOLD.items()
)
