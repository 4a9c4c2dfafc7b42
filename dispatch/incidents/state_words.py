"""Words of the states of an assignment."""

from collections.abc import Mapping

from dispatch.model import AssignmentState, Words

STATE_WORDS: Mapping[str, Words] = {
    AssignmentState.SUGGESTED: Words("suggested", "建议派车"),
    AssignmentState.PRE_ALERTED: Words("pre-alerted", "预警"),
    AssignmentState.NOTIFIED: Words("notified", "已通知"),
    AssignmentState.ACKNOWLEDGED: Words("acknowledged", "已确认"),
    AssignmentState.EN_ROUTE: Words("on the way", "出车"),
    AssignmentState.STAGING: Words("waiting at staging point", "在集结点待命"),
    AssignmentState.ON_SCENE: Words("on scene", "到达现场"),
    AssignmentState.AT_PATIENT: Words("at the patient", "接触患者"),
    AssignmentState.LEFT_SCENE: Words("left the scene with the patient", "离开现场"),
    AssignmentState.AT_DESTINATION: Words("at the hospital", "到达医院"),
    AssignmentState.TRANSFERRED: Words("patient handed to the hospital", "完成交接"),
    AssignmentState.AVAILABLE: Words("available again", "恢复待命"),
    AssignmentState.HOME: Words("back at the station", "返回站点"),
    AssignmentState.CANCELLED: Words("cancelled", "取消"),
    AssignmentState.DIVERTED: Words("diverted to another incident", "改派其他事件"),
    AssignmentState.HANDED_OVER: Words("patient handed to another unit", "移交其他车组"),
    AssignmentState.NO_TRANSPORT: Words("no transport", "未转运"),
}
