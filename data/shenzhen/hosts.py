"""Tables of the Shenzhen model: kinds of hospitals, and of places that keep an AED."""

from dataclasses import dataclass

Capability = tuple[str, int | None]

EMERGENCY: Capability = ("emergency_department", None)
PCI: Capability = ("pci", None)
STROKE_UNIT: Capability = ("stroke_primary", None)
STROKE_CENTRE: Capability = ("stroke_comprehensive", None)
PAEDIATRIC: Capability = ("paediatric", None)
OBSTETRICS: Capability = ("obstetrics", None)
NEONATAL: Capability = ("neonatal", None)
BURN: Capability = ("burn", None)


@dataclass(frozen=True, slots=True)
class HospitalKind:
    """One kind of hospital. Trauma level 1 is the highest."""

    share: float
    suffix_zh: str
    suffix_en: str
    grade: str
    grade_en: str
    beds: tuple[int, int]
    capabilities: tuple[Capability, ...]


HOSPITAL_KINDS = (
    HospitalKind(
        0.06, "总医院", "General Hospital", "三级甲等", "tertiary A", (1400, 2600),
        (EMERGENCY, ("trauma", 1), PCI, STROKE_UNIT, STROKE_CENTRE, PAEDIATRIC, OBSTETRICS,
         NEONATAL, BURN),
    ),
    HospitalKind(
        0.13, "人民医院", "People's Hospital", "三级甲等", "tertiary A", (900, 1600),
        (EMERGENCY, ("trauma", 2), PCI, STROKE_UNIT, STROKE_CENTRE, PAEDIATRIC, OBSTETRICS),
    ),
    HospitalKind(
        0.16, "中心医院", "Central Hospital", "三级", "tertiary", (500, 900),
        (EMERGENCY, ("trauma", 3), PCI, STROKE_UNIT, PAEDIATRIC, OBSTETRICS),
    ),
    HospitalKind(
        0.26, "医院", "Hospital", "二级甲等", "secondary A", (200, 500),
        (EMERGENCY, ("trauma", 3), STROKE_UNIT),
    ),
    HospitalKind(
        0.09, "中医院", "Traditional Chinese Medicine Hospital", "三级甲等", "tertiary A",
        (400, 900), (EMERGENCY, STROKE_UNIT),
    ),
    HospitalKind(
        0.10, "妇幼保健院", "Maternity and Child Healthcare Hospital", "三级甲等", "tertiary A",
        (300, 800), (EMERGENCY, PAEDIATRIC, OBSTETRICS, NEONATAL),
    ),
    HospitalKind(
        0.03, "儿童医院", "Children's Hospital", "三级甲等", "tertiary A", (500, 1300),
        (EMERGENCY, PAEDIATRIC),
    ),
    HospitalKind(
        0.09, "专科医院", "Specialist Hospital", "二级", "secondary", (80, 250), (),
    ),
    HospitalKind(
        0.08, "康复医院", "Rehabilitation Hospital", "一级", "primary", (60, 200), (),
    ),
)  # fmt: skip

HEALTH_CENTRE_HOURS = (
    "Mo-Fr 08:00-12:00,14:00-17:30; Sa 08:00-12:00; PH off",
    "Mo-Su 08:00-12:00,14:00-17:30",
    "Mo-Fr 08:00-20:00; Sa-Su 08:00-17:30",
)


@dataclass(frozen=True, slots=True)
class AedHost:
    """One kind of place that keeps an AED. `floors` empty: outdoors."""

    share: float
    suffix_zh: str
    suffix_en: str
    location_zh: str
    location: str
    access: str
    hours: tuple[str | None, ...]
    floors: tuple[str, ...]


AED_HOSTS = (
    AedHost(
        0.14, "地铁站", "Metro Station", "站厅客服中心旁", "Concourse, beside the service centre",
        "public", ("06:30-23:30", "06:30-23:00"), ("B1",),
    ),
    AedHost(
        0.14, "社区党群服务中心", "Community Service Centre", "一楼服务大厅", "Service hall",
        "public", ("Mo-Fr 09:00-12:00,14:00-18:00; PH off", "Mo-Su 09:00-18:00"), ("1",),
    ),
    AedHost(
        0.13, "花园", "Garden", "小区大门岗亭", "Gatehouse of the estate",
        "public", ("24/7", "24/7", None), (),
    ),
    AedHost(
        0.12, "大厦", "Building", "大堂前台", "Lobby, reception desk",
        "customers", ("Mo-Fr 08:00-19:00; PH off", "Mo-Fr 08:30-18:30; Sa 09:00-13:00; PH off"),
        ("1", "1", "2"),
    ),
    AedHost(
        0.11, "购物中心", "Shopping Centre", "客户服务台", "Customer service desk",
        "public", ("10:00-22:00", "Mo-Th 10:00-22:00; Fr-Su,PH 10:00-22:30"), ("1", "B1", "2"),
    ),
    AedHost(
        0.11, "学校", "School", "校医室门口", "Outside the nurse's room",
        "private", ("Mo-Fr 07:30-18:00; PH off",), ("1",),
    ),
    AedHost(
        0.08, "公园", "Park", "游客中心外墙", "Outer wall of the visitor centre",
        "public", ("06:00-23:00", "24/7"), (),
    ),
    AedHost(
        0.06, "体育馆", "Sports Hall", "入口检票处", "Entrance, ticket gate",
        "customers", ("08:00-22:00",), ("1",),
    ),
    AedHost(
        0.06, "派出所", "Police Station", "值班室", "Duty room", "public", ("24/7",), ("1",),
    ),
    AedHost(
        0.05, "工业园", "Industrial Park", "保安室", "Guard room",
        "private", ("Mo-Sa 07:00-21:00", None), ("1",),
    ),
)  # fmt: skip
