"""What the numbers of a study do not say: sentences that every report on one carries."""

from gis.words import Words

WHAT_NOT = Words(en="What these numbers do not say", zh="这些数字没有说明什么")
ASSUMED = Words(en="What was assumed", zh="假设条件")

MODEL_NOT_CITY = Words(
    en="A plan is best within the model: people who live in a cell, roads as they are known, one "
    "limit. Land, rent, staff, noise and neighbours are not in it. Use it to choose what to look "
    "at, not to sign.",
    zh="“最优”仅就模型而言：格内居住人口、已知道路与一个时限。土地、租金、人员、噪声与周边关系均未计入。"
    "请据此确定值得实地考察的方案，而非直接定案。",
)
BOUND_MEANS = Words(
    en="The bound says how much better any other plan could be in the same model. It says nothing "
    "about errors of the data: a gap of 0.1 % is exact arithmetic on numbers that may be off by "
    "ten per cent.",
    zh="“界”说明在同一模型中其他方案最多还能好多少，与数据误差无关：0.1%的差距只表示计算精确，"
    "而数据本身可能有10%的误差。",
)
PEOPLE_NOT_CALLS = Words(
    en="People are counted where they live, not where they fall ill: offices, stations and roads "
    "by day are not weighted.",
    zh="人口按居住地统计，而非发病地点：日间的写字楼、车站与道路未加权。",
)
WITHIN_IS_NOT_SERVED = Words(
    en="Within the limit means that a unit could be there in time if one is free. Whether one is "
    "free, the expected coverage estimates and only records show.",
    zh="“时限内”指若有空闲车辆可按时到达；是否有空闲车辆，期望覆盖只能估计，须以实际记录为准。",
)
HOSPITALS_NOT_COUNTED = Words(
    en="Survival is not modelled, nor what happens at the place or in hospital.",
    zh="未对生存率、现场处置与院内过程建模。",
)
CELLS = Words(
    en="A cell has the shade of one point near its middle.", zh="每个格网按其中心附近一点着色。"
)
EVERY_STATE = (PEOPLE_NOT_CALLS, HOSPITALS_NOT_COUNTED)
EVERY_STUDY = (MODEL_NOT_CITY, BOUND_MEANS, PEOPLE_NOT_CALLS, HOSPITALS_NOT_COUNTED)
