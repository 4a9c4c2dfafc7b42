"""The fields of a file of calls and unit responses, as dispatch systems export them.

One row a unit that was sent. Determinants and priorities are taken as they are written: they mean
what the system that wrote them means.
"""

from typing import Any

from gis.intake.model import Field, Kind, Schema


def _moment(name: str, *synonyms: str, **more: Any) -> Field:
    return Field(name=name, synonyms=synonyms, kind=Kind.MOMENT, **more)


def _text(name: str, *synonyms: str, **more: Any) -> Field:
    return Field(name=name, synonyms=synonyms, max_length=200, **more)


RESPONSES = Schema(
    fields=(
        _text(
            "call", "call_number", "call_id", "incident_number", "incident_id", "event_number",
            "呼叫编号", "任务编号", "事件编号", "受理编号", "número de llamada", required=True,
        ),
        _text(
            "unit", "unit_id", "call_sign", "vehicle", "ambulance", "车牌号", "车辆编号", "急救车",
            "急救单元", "móvil", required=True,
        ),
        _moment(
            "received_at", "received_dttm", "call_received", "received", "来电时间", "受理时间",
            "呼入时间", "recibida", required=True,
        ),
        _moment(
            "dispatched_at", "dispatch_dttm", "dispatched", "dispatch_time", "派车时间", "调度时间",
            "指令时间", "despachada",
        ),
        _moment(
            "moving_at", "response_dttm", "enroute", "responding", "departed", "出车时间",
            "发车时间", "出发时间", "en camino",
        ),
        _moment(
            "arrived_at", "on_scene_dttm", "on_scene", "arrived", "at_scene", "到达现场时间",
            "到达时间", "en el lugar",
        ),
        _moment(
            "left_at", "transport_dttm", "transporting", "left_scene", "离开现场时间", "返回时间",
        ),
        _moment(
            "hospital_at", "hospital_dttm", "at_hospital", "到达医院时间", "送达时间",
        ),
        _moment(
            "available_at", "available_dttm", "available", "clear", "空闲时间", "任务完成时间",
        ),
        _text(
            "determinant", "call_type", "mpds", "code", "problem", "chief_complaint", "病种",
            "呼叫原因", "主诉", "类型",
        ),
        _text(
            "priority", "final_priority", "priority_final", "urgency", "category", "优先级",
            "紧急程度", "等级",
        ),
        _text(
            "unit_class", "unit_type", "vehicle_type", "level", "车型", "车辆类型", "单元类型",
        ),
        _text(
            "district", "neighborhood", "neighborhood_district", "supervisor_district", "borough",
            "行政区", "区县", "所属区", "comuna",
        ),
        _text(
            "station", "station_area", "base", "station_name", "急救站", "站点", "分站",
        ),
    ),
    placed=True,
    key=("call", "unit"),
)  # fmt: skip

ORDER = (
    "received_at", "dispatched_at", "moving_at", "arrived_at", "left_at", "hospital_at",
    "available_at",
)  # fmt: skip
"""The stamps as they must follow; what is missing is passed over."""
