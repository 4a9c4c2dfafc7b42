"""What this room says of itself: the conditions of roads and what was learned of them."""

from gis.rooms.layers import (
    ALL_EXPORTS,
    Categories,
    Category,
    Field,
    Group,
    Layer,
    Shown,
    Sql,
)
from gis.rooms.model import Event, Right, Room, Subject
from gis.words import Words
from routing.conditions.drawing import CONDITION_COLOURS
from routing.jobs import JOBS, TIMERS
from routing.permissions import (
    CONTRAFLOW_SIGN,
    ROAD_CONDITIONS_READ,
    ROAD_CONDITIONS_WRITE,
    ROUTING_USE,
)

ROOM = Room(
    name="routing",
    jobs=JOBS,
    timers=TIMERS,
    permissions=(
        Right(
            ROUTING_USE, Words(en="ask for routes and travel times", zh="查询路线与行程时间")
        ),
        Right(
            ROAD_CONDITIONS_READ, Words(en="see road conditions", zh="查看道路状况"),
            held_by=("administrator",),
        ),
        Right(
            ROAD_CONDITIONS_WRITE, Words(en="set road conditions", zh="设定道路状况")
        ),
        Right(
            CONTRAFLOW_SIGN,
            Words(en="permit driving against one-way roads", zh="签发逆行许可"),
            held_by=("administrator",),
        ),
    ),
    layers=(
        Layer(
            "conditions", Words(en="Road conditions", zh="道路状况"),
            Words(
                en="Roads under a closure, flood or roadworks now, cut to the part it holds for.",
                zh="当前封闭、积水或施工的路段，只画受影响的部分。",
            ),
            "line", 9,
            (
                Field("kind", "string", Words(en="kind", zh="类别")),
                Field("condition_id", "string", Words(en="identifier", zh="编号")),
                Field(
                    "direction", "integer",
                    Words(
                        en="1 along the line, -1 against it, 0 both",
                        zh="1为顺线方向，-1为逆线方向，0为双向",
                    ),
                ),
                Field("depth_m", "number", Words(en="depth of the water", zh="水深"), unit="m"),
                Field(
                    "speed_kmh", "number", Words(en="speed that is left", zh="剩余车速"),
                    unit="km/h",
                ),
                Field("class", "string", Words(en="class of road", zh="道路等级")),
            ),
            Sql(rows="routing:sql/conditions_rows.sql", tile="routing:sql/conditions.sql"),
            Group.ROADS,
            as_of="gis.features:now",
            empty=Words(
                en="No road is closed, flooded or dug up now.", zh="当前无封闭、积水或施工路段。"
            ),
            shown=Shown.ALWAYS,
            live=True,
            operational=True,
            draw="routing.conditions.drawing:draw",
            classes=Categories("kind", tuple(
                Category(kind, words, CONDITION_COLOURS[kind], shape)
                for kind, words, shape in (
                    ("closure", Words(en="closed", zh="封闭"), "hatched, ✕"),
                    ("flood", Words(en="flooded", zh="积水"), "solid"),
                    ("roadworks", Words(en="roadworks", zh="施工"), "hatched"),
                )
            )),
            exports=ALL_EXPORTS,
        ),
    ),
    subjects=(
        Subject("road_condition", ROAD_CONDITIONS_READ),
        Subject("road_network", ROAD_CONDITIONS_READ),
    ),
    events=(
        Event(
            "road.closed", "road_condition", "Roads were closed until a time.",
            Words(en="Roads closed until {expires_at}", zh="道路封闭至{expires_at}"),
        ),
        Event(
            "road.flooded", "road_condition",
            "Roads were reported under water, with the depth.",
            Words(
                en="Roads under {depth_m} m of water until {expires_at}",
                zh="道路积水{depth_m}米，至{expires_at}",
            ),
        ),
        Event(
            "road.roadworks_set", "road_condition", "Roadworks slow roads down until a time.",
            Words(en="Roadworks until {expires_at}", zh="道路施工至{expires_at}"),
        ),
        Event(
            "road.speed_set", "road_condition", "A person set the speed of roads until a time.",
            Words(
                en="Speed {speed_kmh} km/h until {expires_at}",
                zh="车速定为{speed_kmh}公里/时，至{expires_at}",
            ),
        ),
        Event(
            "road.contraflow_signed", "road_condition",
            "Driving against one-way roads was permitted until a time.",
            Words(en="Contraflow permitted until {expires_at}", zh="准许逆行至{expires_at}"),
        ),
        Event(
            "road.contraflow_revoked", "road_condition",
            "A permit to drive against one-way roads was withdrawn.",
            Words(en="Contraflow no longer permitted", zh="逆行许可已撤销"),
        ),
        Event(
            "road.reopened", "road_condition",
            "A closure, flood, roadworks or set speed was ended before its time.",
            Words(en="Roads open again", zh="道路恢复通行"),
        ),
        Event(
            "road.extended", "road_condition", "The end of a road condition was moved.",
            Words(en="Now until {expires_at}", zh="改为至{expires_at}"),
        ),
        Event(
            "road.place_cut_off", "road_condition",
            "A station or hospital lost its road connection to the city.",
            Words(en="{place_name} has no road connection", zh="{place_name}道路交通中断"),
        ),
        Event(
            "road.speeds_updated", "road_network", "Live speeds of roads came in.",
            Words(en="Live speeds of {count} roads", zh="更新{count}条实时路况"),
        ),
        Event(
            "road.profiles_learned", "road_network",
            "Speeds by hour of the week were learned anew.",
            Words(en="{count} speeds by hour of the week learned", zh="学习到{count}条分时车速"),
        ),
        Event(
            "road.conditions_remapped", "road_network",
            "Road conditions were carried over to a new road network.",
            Words(
                en="{count} road conditions carried over to the new road network",
                zh="{count}条道路状况已转到新路网",
            ),
        ),
    ),
)  # fmt: skip
