"""The register of personal fields of cluster runs: who had a day scanned."""

from gis.rooms.personal import PersonalField
from gis.words import Words

FIELDS = (
    PersonalField(
        name="cluster_runs.made_by", table="cluster_runs", columns=("made_by",),
        what=Words(en="who had a day scanned for clusters", zh="执行聚集扫描的人"),
        purpose=Words(en="account for steps", zh="责任追溯"),
        legal_basis="GDPR 5(2), 6(1)(c); PIPL 51, 54",
        readers=Words(en="`cases_read` in the area", zh="辖区内`cases_read`"),
        otherwise=Words(
            en="as long as the run, which tells what was found on the day",
            zh="与扫描记录同期保存，以说明当日发现",
        ),
    ),
)  # fmt: skip
