"""The exports of the spatial core."""

from gis.permissions import AUDIT_REVIEW
from gis.rooms.exports import ExportKind
from gis.words import Words

KINDS = (
    ExportKind(
        "personal_access", Words(en="reads of personal values", zh="个人信息读取记录"),
        ("accessed_at", "actor", "subject_kind", "subject_id", "reason"), AUDIT_REVIEW,
        build="gis.exports.service:read_accesses",
    ),
)  # fmt: skip
