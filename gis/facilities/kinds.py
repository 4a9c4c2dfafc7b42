"""The kinds of facilities: a new one is a line here, and needs no migration."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gis.words import Words


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its words, and whether ambulances bring patients there."""

    words: Words
    is_hospital: bool = False


KINDS: Mapping[str, Kind] = MappingProxyType({
    "hospital": Kind(Words(en="hospital", zh="医院"), is_hospital=True),
    "maternity_hospital": Kind(
        Words(en="maternity hospital", zh="妇产医院"), is_hospital=True
    ),
    "children_hospital": Kind(Words(en="children's hospital", zh="儿童医院"), is_hospital=True),
    "infectious_disease_hospital": Kind(
        Words(en="infectious disease hospital", zh="传染病医院"), is_hospital=True
    ),
    "psychiatric_hospital": Kind(
        Words(en="psychiatric hospital", zh="精神病医院"), is_hospital=True
    ),
    "rehabilitation_hospital": Kind(
        Words(en="rehabilitation hospital", zh="康复医院"), is_hospital=True
    ),
    "community_health_centre": Kind(
        Words(en="community health centre", zh="社区健康服务中心")
    ),
    "clinic": Kind(Words(en="clinic", zh="诊所")),
    "fever_clinic": Kind(Words(en="fever clinic", zh="发热门诊")),
    "dialysis_centre": Kind(Words(en="dialysis centre", zh="血液透析中心")),
    "nursing_home": Kind(Words(en="nursing home", zh="护理院")),
    "blood_bank": Kind(Words(en="blood bank", zh="血站")),
    "disease_control_centre": Kind(
        Words(en="centre for disease control", zh="疾病预防控制中心")
    ),
})  # fmt: skip
"""Kind as it is stored → what is known of it."""

HOSPITAL_KINDS = tuple(name for name, kind in KINDS.items() if kind.is_hospital)
