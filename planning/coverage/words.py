"""What numbers of coverage rest on and do not say, in both languages."""

from gis.words import Words

ALWAYS = (
    Words(
        en="Times are those of an ambulance with lights from its station by the roads as they "
        "are, without call taking and turnout; units on duty stand at their stations.",
        zh="时间为急救车（鸣笛）按当前路况从站点出发的行程，不含受理与出车；值班车辆视为在站。",
    ),
    Words(
        en="The radius is a straight line from the nearest station.",
        zh="服务半径按到最近站点的直线距离计算。",
    ),
)
SUPPOSED = Words(
    en="What changes is by road alone, whether or not a unit is there; what was recorded, such as "
    "turnout, stays as it is.",
    zh="变化仅按道路行程比较，不考虑是否有空闲车辆；出车等已记录指标仍为现状。",
)
NEW_ROADS = Words(
    en="New roads meet the others at their ends and where a corner is drawn on one; turning into "
    "them takes no time, and nobody else drives there instead.",
    zh="新建道路仅在两端及画在现有道路上的节点处相接；不计转弯时间，也不计交通量转移。",
)
DRAWN = Words(
    en="Closures and roadworks are those on record for the moment asked for; speeds are of now.",
    zh="封闭与施工按所选时刻的登记计算，车速为当前值。",
)
WORKED = Words(
    en="With the fleet at work, calls come like people live, each gets the nearest free unit, and "
    "all keep their unit for the same mean time.",
    zh="车队运行估计：呼叫按人口分布，每次派最近的空闲车辆，平均占用时间相同。",
)
FIFTHS = Words(
    en="Fifths of people go by the value of their area, from the least to the most; areas are not "
    "parted.",
    zh="按所在区域数值由低到高将人口分为五组；区域不拆分。",
)
MODELLED = Words(
    en="People by cell are modelled, not surveyed.", zh="格网人口由模型生成，非实测。"
)  # fmt: skip
SETTING = Words(
    en="Nobody said whether districts are urban or rural: the radius is not judged.",
    zh="未说明各区属城市或农村：服务半径未作判定。",
)
LIMITED = Words(
    en="Only people within the areas of your account are counted.",
    zh="仅统计您账号管辖范围内的人口。",
)


def those(*said: tuple[bool, Words]) -> tuple[Words, ...]:
    """Return the sentences of which it is so."""
    return tuple(words for so, words in said if so)
