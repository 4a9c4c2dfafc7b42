"""Fields that many layers have."""

from gis.rooms.layers import Field
from gis.words import Words

NAMES = (
    Field("name", "string", Words(en="name", zh="名称")),
    Field("name_zh", "string", Words(en="Chinese name", zh="中文名称")),
    Field("name_en", "string", Words(en="English name", zh="英文名称")),
)
MODELLED = Field(
    "modelled", "boolean",
    Words(en="made by a stated rule, not surveyed", zh="按既定规则生成，非实测"),
)  # fmt: skip
