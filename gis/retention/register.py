"""The register of personal fields of the spatial core: accounts, logins, log, work asked for."""

from gis.rooms.personal import PersonalField, PersonalSubject
from gis.words import Words

_WORK = "GDPR 6(1)(b)(e); PIPL 13(2)"
_ACCOUNT_FOR = "GDPR 5(2), 6(1)(c); PIPL 51, 54"
_SECURITY = "GDPR 6(1)(f), 32; PIPL 51"
_LOG_IN = Words(en="log in, account for steps", zh="登录与责任追溯")
_ACCOUNT_FOR_STEPS = Words(en="account for steps", zh="责任追溯")
_NOBODY = Words(en="nobody", zh="无人")
_ADMINISTRATORS = Words(en="`user_admin`", zh="`user_admin`")
_REVIEWERS = Words(en="`audit_review`", zh="`audit_review`")
_OFFICERS = Words(en="`privacy_admin`", zh="`privacy_admin`")
_CLOSED = Words(en="closing of the account", zh="账户停用")
_SWEPT = Words(en="until they end, by the worker", zh="到期即由后台清除")
_KEPT_TO_ACCOUNT = Words(
    en="for ever: who had access must stay answerable", zh="永久：访问者须可追责"
)
_AS_IN_LOG = Words(en="for ever, as in the event log", zh="永久（与事件日志一致）")

FIELDS = (
    PersonalField(
        name="users.name", table="users", columns=("display_name", "password_hash"),
        what=Words(en="display name and password hash of an account", zh="账户的姓名与密码散列"),
        purpose=_LOG_IN, legal_basis=_WORK, readers=_ADMINISTRATORS,
        keep_days=365, since=_CLOSED, carry_out="gis.accounts.forgetting:closed_past",
    ),
    PersonalField(
        name="users.username", table="users", columns=("username",),
        what=Words(en="user name of an account", zh="用户名"),
        purpose=_ACCOUNT_FOR_STEPS, legal_basis=_ACCOUNT_FOR, readers=_ADMINISTRATORS,
        otherwise=Words(
            en="for ever, as in the event log; choose one that is no name",
            zh="永久（事件日志引用）；请勿使用真实姓名",
        ),
    ),
    PersonalField(
        name="events.actor", table="events", columns=("actor",),
        what=Words(en="user name of who did a step", zh="操作人用户名"),
        purpose=_ACCOUNT_FOR_STEPS, legal_basis=_ACCOUNT_FOR,
        readers=Words(en="`events_read`", zh="`events_read`"),
        otherwise=Words(en="for ever: the log never changes", zh="永久：日志不可更改"),
    ),
    PersonalField(
        name="login_sessions", table="login_sessions", columns=("token_hash", "seen_at"),
        what=Words(
            en="logins, as hashes, and when they were used", zh="登录会话（散列）及使用时间"
        ),
        purpose=Words(en="stay logged in", zh="保持登录"), legal_basis=_WORK,
        readers=_ADMINISTRATORS, otherwise=_SWEPT,
    ),
    PersonalField(
        name="api_tokens", table="api_tokens", columns=("token_hash", "name", "seen_at"),
        what=Words(en="tokens, as hashes, and when they were used", zh="令牌（散列）及使用时间"),
        purpose=Words(en="programs log in", zh="程序登录"), legal_basis=_WORK,
        readers=_ADMINISTRATORS, otherwise=_SWEPT,
    ),
    PersonalField(
        name="idempotency_keys", table="idempotency_keys",
        columns=("actor", "response", "request_hash"),
        what=Words(
            en="answer to a repeated request; SHA-256 of its body", zh="重复请求的应答及请求散列"
        ),
        purpose=Words(en="do a step once", zh="避免重复执行"), legal_basis=_WORK,
        readers=Words(en="its sender", zh="请求人"),
        otherwise=Words(en="24 hours, by the worker", zh="24小时，由后台清除"),
    ),
    PersonalField(
        name="personal_access", table="personal_access",
        columns=("actor", "reason", "subject_id", "accessed_at"),
        what=Words(en="who read which personal values, when, why", zh="谁在何时因何读取个人信息"),
        purpose=Words(en="account for reading", zh="读取的责任追溯"), legal_basis=_ACCOUNT_FOR,
        readers=_REVIEWERS, otherwise=_KEPT_TO_ACCOUNT,
    ),
    PersonalField(
        name="personal_access_reviews", table="personal_access_reviews",
        columns=("reviewed_by", "note"),
        what=Words(en="who reviewed a read, and what was found", zh="读取的复核人与结论"),
        purpose=Words(en="account for reading", zh="读取的责任追溯"), legal_basis=_ACCOUNT_FOR,
        readers=_REVIEWERS, otherwise=_KEPT_TO_ACCOUNT,
    ),
    PersonalField(
        name="break_glass", table="break_glass",
        columns=("opened_by", "reason", "reviewed_by", "note"),
        what=Words(
            en="who broke the glass, why, and who reviewed it", zh="紧急授权的使用人、理由与复核"
        ),
        purpose=Words(en="account for reading", zh="读取的责任追溯"), legal_basis=_ACCOUNT_FOR,
        readers=_REVIEWERS, otherwise=_KEPT_TO_ACCOUNT,
    ),
    PersonalField(
        name="identity_links", table="identity_links",
        columns=("first_digest", "second_digest", "reason", "made_by", "reviewed_by"),
        what=Words(en="links of two pseudonyms of one person", zh="同一人的两个假名的关联"),
        purpose=Words(en="know one person again where it is needed", zh="必要时识别同一人"),
        legal_basis="GDPR 6(1)(e), 9(2)(i); PIPL 13(3)(4)",
        readers=Words(en="`identity_link_review`", zh="`identity_link_review`"),
        otherwise=Words(
            en="until the owner of the database forgets them (`forget_identity_links`)",
            zh="直至数据库所有者清除（`forget_identity_links`）",
        ),
    ),
    PersonalField(
        name="export_files", table="export_files", columns=("content",),
        what=Words(en="files of exports", zh="导出文件"),
        purpose=Words(en="hand over what was asked for", zh="交付导出内容"),
        legal_basis=_ACCOUNT_FOR,
        readers=Words(en="who asked, once approved", zh="申请人（经审批）"),
        keep_days=30, since=Words(en="request, or sooner as it says", zh="申请，或按其期限"),
        carry_out="gis.exports.service:files_past",
    ),
    PersonalField(
        name="exports", table="exports",
        columns=("requested_by", "purpose", "recipient", "decided_by", "decision_note"),
        what=Words(
            en="who exported what for whom, and who approved it", zh="导出人、接收人与审批人"
        ),
        purpose=Words(en="account for what left the house", zh="数据外传的责任追溯"),
        legal_basis=_ACCOUNT_FOR, readers=Words(en="`export_review`", zh="`export_review`"),
        otherwise=_KEPT_TO_ACCOUNT,
    ),
    PersonalField(
        name="legal_holds", table="legal_holds",
        columns=("placed_by", "reason", "subject_id", "lifted_by", "lift_reason"),
        what=Words(en="what is held from erasure, by whom, why", zh="保全对象、保全人与理由"),
        purpose=Words(en="keep evidence", zh="保全证据"), legal_basis="GDPR 17(3)(e); PIPL 47",
        readers=_OFFICERS, otherwise=_KEPT_TO_ACCOUNT,
    ),
    PersonalField(
        name="erasures", table="erasures", columns=("erased_by", "reason", "subject_id"),
        what=Words(
            en="what was erased on demand, by whom, why; also in the state folder",
            zh="按请求删除的对象、操作人与理由；另存于状态目录",
        ),
        purpose=Words(en="repeat it after a restore", zh="恢复备份后重新删除"),
        legal_basis="GDPR 5(2), 17; PIPL 47", readers=_OFFICERS, otherwise=_KEPT_TO_ACCOUNT,
    ),
    PersonalField(
        name="corrections", table="corrections",
        columns=("corrected_by", "reason", "subject_id", "asked_by"),
        what=Words(
            en="what was corrected at the request of whom, by whom, why; no value",
            zh="按谁的请求更正了什么、更正人与理由；不含内容",
        ),
        purpose=_ACCOUNT_FOR_STEPS, legal_basis="GDPR 5(2), 16; PIPL 46, 54",
        readers=_OFFICERS, otherwise=_KEPT_TO_ACCOUNT,
    ),
    PersonalField(
        name="export_fetches", table="export_fetches", columns=("fetched_by",),
        what=Words(en="who fetched the file of an export", zh="导出文件的取件人"),
        purpose=Words(en="account for what left the house", zh="数据外传的责任追溯"),
        legal_basis=_ACCOUNT_FOR, readers=Words(en="`export_review`", zh="`export_review`"),
        otherwise=_KEPT_TO_ACCOUNT,
    ),
    PersonalField(
        name="retention_periods", table="retention_periods", columns=("set_by", "reason"),
        what=Words(en="who set another period, and why", zh="保存期限的更改人与理由"),
        purpose=_ACCOUNT_FOR_STEPS, legal_basis=_ACCOUNT_FOR, readers=_OFFICERS,
        otherwise=_KEPT_TO_ACCOUNT,
    ),
    PersonalField(
        name="jobs", table="jobs", columns=("requested_by", "cancel_requested_by"),
        what=Words(en="who asked for a job, or to stop it", zh="任务的申请人与停止人"),
        purpose=_ACCOUNT_FOR_STEPS, legal_basis=_ACCOUNT_FOR,
        readers=Words(en="who sees the job", zh="可查看该任务者"),
        otherwise=Words(en="30 days from the end of the job", zh="任务结束后30天"),
    ),
    PersonalField(
        name="reports", table="reports", columns=("requested_by",),
        what=Words(en="who asked for a report", zh="报告的申请人"),
        purpose=Words(en="show each their own reports", zh="向申请人展示其报告"),
        legal_basis=_WORK, readers=_NOBODY,
        otherwise=Words(en="30 days, with the report", zh="30天，与报告一同删除"),
    ),
    PersonalField(
        name="road_conditions", table="road_conditions", columns=("author", "ended_by"),
        what=Words(
            en="who closed a road or told of its state, and who ended it",
            zh="道路情况的填报人与结束人",
        ),
        purpose=_ACCOUNT_FOR_STEPS, legal_basis=_ACCOUNT_FOR,
        readers=Words(en="who may see road conditions", zh="可查看道路情况者"),
        otherwise=_AS_IN_LOG,
    ),
)  # fmt: skip

SUBJECTS = (
    PersonalSubject(
        "account", Words(en="closed account", zh="已停用账户"),
        find="gis.accounts.forgetting:find_account",
        forget="gis.accounts.forgetting:forget_account",
    ),
)  # fmt: skip
