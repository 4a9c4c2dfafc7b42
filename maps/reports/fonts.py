"""Which font of this machine has Chinese letters: looked up where print is made."""

from collections.abc import Collection

import typst

CHINESE_FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "SimHei", "Droid Sans Fallback",
)  # fmt: skip


def installed_families() -> frozenset[str]:
    """Return the families of the fonts of this machine and those inside typst."""
    return frozenset(typst.Fonts().families())


def chinese_family(families: Collection[str]) -> str | None:
    """Return the best family with Chinese letters; None if there is none."""
    return next((family for family in CHINESE_FAMILIES if family in families), None)
