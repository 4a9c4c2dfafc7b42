"""What the spatial core says of itself: facilities and their status."""

from gis.disclosure import jobs as disclosure
from gis.exports.kinds import KINDS
from gis.jobs import house
from gis.permissions import (
    AED_MODERATE,
    AUDIT_REVIEW,
    BREAK_GLASS,
    EVENTS_READ,
    EXPORT_MAKE,
    EXPORT_REVIEW,
    HOSPITAL_STATUS_WRITE,
    IDENTITY_LINK,
    IDENTITY_LINK_REVIEW,
    LAYERS_READ,
    MAP_READ_OPERATIONAL,
    PRIVACY_ADMIN,
    PUBLISHED_COUNTS_READ,
    RESOURCE_READ,
    USER_ADMIN,
)
from gis.retention import jobs as retention
from gis.retention.register import FIELDS, SUBJECTS
from gis.rooms.model import Event, Page, Right, Role, Room, Subject
from gis.words import Words

ROOM = Room(
    name="gis",
    jobs=(*house.JOBS, *disclosure.JOBS, *retention.JOBS),
    timers=(*house.TIMERS, *disclosure.TIMERS, *retention.TIMERS),
    personal_fields=FIELDS,
    personal_subjects=SUBJECTS,
    export_kinds=KINDS,
    pages=(
        Page(
            "/admin", Words(en="Administration", zh="管理"), "admin/main.js",
            Words(
                en="Accounts, roles, who read what, how long it is kept, jobs, backups.",
                zh="账户、角色、读取记录、保存期限、任务与备份。",
            ),
            permission=(USER_ADMIN, AUDIT_REVIEW, PRIVACY_ADMIN),
            order=800, landing_for=("administrator", "privacy_officer"), styles=("admin.css",),
        ),
        Page(
            "/glass", Words(en="Break-glass", zh="紧急授权"), "glass/main.js",
            Words(
                en="Callers elsewhere read for a short time, in an emergency; reviewed afterwards.",
                zh="为救急短时查看辖区外来电人信息；事后复核。",
            ),
            permission=(BREAK_GLASS,), order=690, styles=("admin.css",),
        ),
        Page(
            "/exports", Words(en="Exports", zh="数据导出"), "exports/main.js",
            Words(
                en="Files of single records: asked for with a purpose, decided by a second person.",
                zh="逐条记录的文件：说明目的后申请，由另一人审批。",
            ),
            permission=(EXPORT_REVIEW, EXPORT_MAKE), order=700, styles=("admin.css",),
        ),
    ),
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
            AED_MODERATE,
            Words(
                en="decide what citizens report of defibrillators",
                zh="审核公众上报的AED问题",
            ),
            held_by=("supervisor", "administrator"),
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
            held_by=("administrator", "privacy_officer"),
        ),
        Right(
            AUDIT_REVIEW,
            Words(
                en="see and review who read personal values and broke the glass",
                zh="查看并复核个人信息的读取与紧急授权",
            ),
            held_by=("administrator", "privacy_officer"),
        ),
        Right(
            PRIVACY_ADMIN,
            Words(
                en="set how long personal values are kept, hold, find and erase them",
                zh="设定个人信息保存期限，保全、查找和删除个人信息",
            ),
            held_by=("privacy_officer",),
        ),
        Right(
            EXPORT_MAKE,
            Words(en="export what one may see, on record", zh="导出可见数据并留存记录"),
            held_by=("supervisor", "planner", "cdc", "administrator", "privacy_officer"),
        ),
        Right(
            EXPORT_REVIEW,
            Words(
                en="approve or refuse others' exports about persons",
                zh="审批他人涉及个人信息的导出",
            ),
            held_by=("administrator", "privacy_officer"),
        ),
        Right(
            BREAK_GLASS,
            Words(
                en="read personal values elsewhere for a short time, with a reason",
                zh="说明理由后短时查看辖区外的个人信息",
            ),
            held_by=("dispatcher", "supervisor"),
        ),
        Right(
            PUBLISHED_COUNTS_READ,
            Words(en="read published counts of people", zh="查看已发布的人数统计"),
            held_by=("cdc", "planner", "supervisor", "administrator"),
        ),
        Right(
            LAYERS_READ,
            Words(
                en="see the map layers of people, ages and what hospitals can treat",
                zh="查看人口、年龄与医院救治能力图层",
            ),
            held_by=(
                "administrator", "dispatcher", "supervisor", "hospital", "cdc", "planner", "clinic",
            ),
        ),
        Right(
            MAP_READ_OPERATIONAL,
            Words(en="see changes of the city's data live", zh="实时查看城市数据变化"),
        ),
    ),
    roles=(
        Role("administrator", Words(en="administrator", zh="管理员"), (USER_ADMIN,)),
        Role("privacy_officer", Words(en="data protection officer", zh="个人信息保护负责人")),
        Role("hospital", Words(en="hospital", zh="医院"), (HOSPITAL_STATUS_WRITE,)),
    ),
    subjects=(
        Subject("facility", RESOURCE_READ), Subject("job", EVENTS_READ),
        Subject("identity_link", IDENTITY_LINK_REVIEW),
        Subject("disclosure_release", PUBLISHED_COUNTS_READ),
        Subject("account", USER_ADMIN), Subject("role", USER_ADMIN),
        Subject("export", EXPORT_REVIEW),
        Subject("retention_rule", PRIVACY_ADMIN), Subject("legal_hold", PRIVACY_ADMIN),
        Subject("personal_access_review", AUDIT_REVIEW), Subject("break_glass", AUDIT_REVIEW),
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
            "account.made", "account", "An account was made, with these roles.",
            Words(en="Account made ({roles})", zh="已建立账户（{roles}）"),
        ),
        Event(
            "account.changed", "account", "Names or language of an account were changed.",
            Words(en="Account changed ({fields})", zh="账户已修改（{fields}）"),
        ),
        Event(
            "account.roles_set", "account",
            "An account's roles and their areas were set; what it had before stands before.",
            Words(en="Roles set: {roles}", zh="角色改为：{roles}"),
        ),
        Event(
            "account.password_reset", "account",
            "An administrator set a new password; every login ended.",
            Words(en="Password reset", zh="密码已重设"),
        ),
        Event(
            "account.disabled", "account", "An account was closed.",
            Words(en="Account closed", zh="账户已停用"),
        ),
        Event(
            "account.enabled", "account", "A closed account was opened again.",
            Words(en="Account opened again", zh="账户已恢复"),
        ),
        Event(
            "account.logins_ended", "account", "An administrator ended logins of an account.",
            Words(en="{count} logins ended", zh="已结束{count}个登录"),
        ),
        Event(
            "account.token_made", "account", "A program's token was made.",
            Words(en="Token made", zh="已生成令牌"),
        ),
        Event(
            "account.token_withdrawn", "account", "A program's token was withdrawn.",
            Words(en="Token withdrawn", zh="令牌已撤销"),
        ),
        Event(
            "role.made", "role", "A role of this installation was made.",
            Words(en="Role made", zh="已建立角色"),
        ),
        Event(
            "role.removed", "role", "A role was removed, also from the accounts that had it.",
            Words(en="Role removed", zh="角色已删除"),
        ),
        Event(
            "role.permissions_given", "role", "A role may do more.",
            Words(en="Permissions given: {permissions}", zh="已授予权限：{permissions}"),
        ),
        Event(
            "role.permissions_taken", "role", "A role may do less.",
            Words(en="Permissions taken: {permissions}", zh="已收回权限：{permissions}"),
        ),
        Event(
            "disclosure.released", "disclosure_release",
            "Counts of people of one period were published, small ones hidden.",
            Words(
                en="{subject} of {period_from} published, {hidden} of {cells} cells hidden",
                zh="已发布{subject}（{period_from}起），{cells}格中隐去{hidden}格",
            ),
        ),
        Event(
            "retention.period_set", "retention_rule",
            "How long a rule keeps personal values was set.",
            Words(en="Period set to {days} days", zh="保存期限改为{days}天"),
        ),
        Event(
            "retention.carried_out", "retention_rule",
            "A night erased what was past the period of a rule.",
            Words(en="{erased} erased after {days} days", zh="已删除{erased}项（满{days}天）"),
        ),
        Event(
            "legal_hold.placed", "legal_hold", "A legal hold keeps something from being erased.",
            Words(en="Legal hold on {on}", zh="已保全（{on}）"),
        ),
        Event(
            "legal_hold.lifted", "legal_hold", "A legal hold was lifted.",
            Words(en="Legal hold lifted", zh="保全已解除"),
        ),
        Event(
            "personal_access.reviewed", "personal_access_review",
            "Another person reviewed a read of personal values.",
            Words(en="Read of personal values: {verdict}", zh="个人信息读取已复核：{verdict}"),
        ),
        Event(
            "break_glass.opened", "break_glass",
            "Somebody broke the glass: for a short time more is allowed.",
            Words(en="Glass broken for {minutes} min", zh="紧急授权{minutes}分钟"),
        ),
        Event(
            "break_glass.ended", "break_glass", "A break-glass ended before its time.",
            Words(en="Break-glass ended", zh="紧急授权提前结束"),
        ),
        Event(
            "break_glass.reviewed", "break_glass", "Another person reviewed a break-glass.",
            Words(en="Break-glass: {verdict}", zh="紧急授权已复核：{verdict}"),
        ),
        Event(
            "export.requested", "export", "Somebody made a file to take out of the house.",
            Words(en="Export {kind}, {rows} rows", zh="导出{kind}，{rows}行"),
        ),
        Event(
            "export.decided", "export", "A second person approved or refused an export.",
            Words(en="Export {decision}", zh="导出审批：{decision}"),
        ),
        Event(
            "account.forgotten", "account", "The name of a closed account was erased.",
            Words(en="Name erased", zh="姓名已删除"),
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
