"""What the spatial core says of itself: facilities and their status."""

from gis.jobs import house
from gis.permissions import (
    EVENTS_READ,
    HOSPITAL_STATUS_WRITE,
    IDENTITY_LINK,
    IDENTITY_LINK_REVIEW,
    MAP_READ_OPERATIONAL,
    RESOURCE_READ,
    USER_ADMIN,
)
from gis.rooms.model import Event, Right, Role, Room, Subject
from gis.words import Words

ROOM = Room(
    name="gis",
    jobs=house.JOBS,
    timers=house.TIMERS,
    permissions=(
        Right(USER_ADMIN, Words(en="manage accounts and roles", zh="管理账户与角色")),
        Right(EVENTS_READ, Words(en="follow events live", zh="实时查看事件")),
        Right(
            RESOURCE_READ, Words(en="see units and facilities", zh="查看车组与机构"),
        ),
        Right(
            HOSPITAL_STATUS_WRITE,
            Words(en="report a hospital's status", zh="上报医院状态"),
        ),
        Right(
            IDENTITY_LINK,
            Words(
                en="link two pseudonyms of one person, with a reason",
                zh="说明理由后关联同一人的两个假名",
            ),
            held_by=("cdc",),
        ),
        Right(
            IDENTITY_LINK_REVIEW,
            Words(en="review links of pseudonyms", zh="复核假名关联"),
            held_by=("administrator",),
        ),
        Right(
            MAP_READ_OPERATIONAL,
            Words(en="see changes of the city's data live", zh="实时查看城市数据变化"),
        ),
    ),
    roles=(
        Role("administrator", Words(en="administrator", zh="管理员"), (USER_ADMIN,)),
        Role("hospital", Words(en="hospital", zh="医院"), (HOSPITAL_STATUS_WRITE,)),
    ),
    subjects=(
        Subject("facility", RESOURCE_READ), Subject("job", EVENTS_READ),
        Subject("identity_link", IDENTITY_LINK_REVIEW),
    ),
    events=(
        Event(
            "hospital.status_changed", "facility",
            "A hospital reported diversion or free beds.",
            Words(en="{name}: status reported", zh="{name}：上报状态"),
        ),
        Event(
            "hospital.beds_reported", "facility",
            "A hospital reported how many beds of a kind it has and how many are occupied.",
            Words(
                en="{name}: {kind} beds, {occupied} of {capacity} occupied",
                zh="{name}：{kind}床位，已占{occupied}/{capacity}",
            ),
        ),
        Event(
            "hospital.bed_promised", "facility",
            "Beds were promised to one transport for a time.",
            Words(en="{name}: {beds} {kind} bed promised", zh="{name}：预留{kind}床位{beds}张"),
        ),
        Event(
            "hospital.bed_promise_ended", "facility",
            "A promise was kept, released, or ran out.",
            Words(
                en="{name}: promise of {beds} {kind} bed {state}",
                zh="{name}：{kind}床位预留{beds}张结束（{state}）",
            ),
        ),
        Event(
            "identity.linked", "identity_link",
            "Somebody linked two pseudonyms of one person, by break-glass.",
            Words(
                en="Pseudonyms of {first_purpose} and {second_purpose} linked",
                zh="已关联{first_purpose}与{second_purpose}的假名",
            ),
        ),
        Event(
            "identity.link_reviewed", "identity_link",
            "Another person reviewed a link of pseudonyms.",
            Words(en="Link of pseudonyms reviewed", zh="假名关联已复核"),
        ),
        Event(
            "job.deferred", "job", "Somebody asked for a job.",
            Words(en="Job {name} asked for", zh="已请求任务{name}"),
        ),
        Event(
            "job.cancelled", "job", "Somebody asked a job to stop.",
            Words(en="Job {name} told to stop", zh="已要求停止任务{name}"),
        ),
        Event(
            "job.retried", "job", "Somebody began a job again that had failed.",
            Words(en="Job {name} begun again", zh="任务{name}重新开始"),
        ),
        Event(
            "job.failed", "job", "A job failed for good, after all its tries.",
            Words(en="Job {name} failed", zh="任务{name}失败"),
        ),
    ),
)  # fmt: skip
