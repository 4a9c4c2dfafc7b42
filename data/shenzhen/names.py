"""Street and estate names for the Shenzhen model: plausible syllables, put together by the seed.

A name that also exists in the real city does so by chance.
"""

import numpy as np

FIRST = (
    "翠 cui|福 fu|金 jin|龙 long|宝 bao|深 shen|莲 lian|梅 mei|红 hong|新 xin|"
    "华 hua|兴 xing|安 an|和 he|平 ping|永 yong|景 jing|海 hai|南 nan|东 dong|"
    "西 xi|北 bei|中 zhong|文 wen|学 xue|科 ke|创 chuang|松 song|竹 zhu|桂 gui|"
    "荔 li|香 xiang|白 bai|清 qing|玉 yu|银 yin|石 shi|沙 sha|水 shui|云 yun|"
    "星 xing|光 guang|民 min|同 tong|德 de|仁 ren|长 chang|春 chun|秋 qiu|凤 feng|"
    "鹏 peng|观 guan|坪 ping|坂 ban|裕 yu|泰 tai|盛 sheng|嘉 jia|锦 jin|瑞 rui|"
    "祥 xiang|建 jian|振 zhen"
)
SECOND = (
    "竹 zhu|田 tian|园 yuan|湖 hu|岭 ling|山 shan|岗 gang|塘 tang|洲 zhou|湾 wan|"
    "港 gang|桥 qiao|荣 rong|华 hua|安 an|康 kang|宁 ning|和 he|明 ming|德 de|"
    "苑 yuan|林 lin|芳 fang|泉 quan|坑 keng|围 wei|村 cun|城 cheng|业 ye|盛 sheng|"
    "丰 feng|源 yuan|涌 yong|溪 xi|屋 wu|尾 wei|头 tou|井 jing|台 tai|富 fu|"
    "强 qiang|达 da|通 tong|成 cheng|乐 le|景 jing|花 hua|池 chi|浦 pu|沙 sha|"
    "坪 ping|马 ma|贝 bei|心 xin|远 yuan|昌 chang|隆 long|海 hai|光 guang|月 yue|"
    "龙 long|凤 feng|鹏 peng"
)

ROAD_SUFFIXES = {
    "expressway": (("高速", "Expressway"), ("快速路", "Expressway")),
    "primary": (("大道", "Boulevard"), ("大道", "Avenue")),
    "secondary": (("路", "Road"), ("路", "Road"), ("大街", "Avenue")),
    "tertiary": (("路", "Road"), ("街", "Street")),
}
LOCAL_SUFFIXES = (("巷", "Lane"), ("街", "Street"))
"""Of a numbered local street running east-west, and north-south."""

ESTATE_SUFFIXES = (
    ("花园", "Garden"), ("新村", "New Village"), ("小区", "Estate"), ("苑", "Court"),
    ("大厦", "Building"), ("广场", "Plaza"), ("社区", "Community"), ("雅居", "Residence"),
    ("工业区", "Industrial Park"), ("公寓", "Apartments"), ("豪庭", "Mansion"), ("城", "City"),
)  # fmt: skip

_DIGITS = "零一二三四五六七八九"
_ENGLISH_ORDINALS = {1: "st", 2: "nd", 3: "rd"}

NamePair = tuple[str, str]


def base_names(rng: np.random.Generator) -> list[NamePair]:
    """Return some 3,900 distinct (Chinese, pinyin) names of two syllables in seeded order."""
    pairs: dict[str, str] = {}
    for first in FIRST.split("|"):
        for second in SECOND.split("|"):
            han_a, latin_a = first.split()
            han_b, latin_b = second.split()
            if han_a != han_b:
                joined = latin_a + ("'" if latin_b[0] in "aeo" else "") + latin_b
                pairs.setdefault(han_a + han_b, joined.capitalize())
    names = list(pairs.items())
    return [names[index] for index in rng.permutation(len(names))]


def ordinal_zh(number: int) -> str:
    """Return 1..99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def ordinal_en(number: int) -> str:
    """Return 1st, 2nd, 3rd, 4th …"""
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{_ENGLISH_ORDINALS.get(number % 10, 'th')}"


def with_suffix(base: NamePair, suffix: NamePair) -> NamePair:
    """Return the base name followed by a suffix, in Chinese and English."""
    return base[0] + suffix[0], f"{base[1]} {suffix[1]}"


def numbered(base: NamePair, number: int, suffix: NamePair) -> NamePair:
    """Return a numbered local street: 翠竹三街, Cuizhu 3rd Street."""
    return (
        f"{base[0]}{ordinal_zh(number)}{suffix[0]}",
        f"{base[1]} {ordinal_en(number)} {suffix[1]}",
    )
