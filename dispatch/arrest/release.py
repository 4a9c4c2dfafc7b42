"""Whether volunteers may be asked at all. Pure functions: one table of what stands against it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gis.words import Words


class Block(StrEnum):
    """What stands against asking volunteers."""

    INCIDENT_OVER = "incident_over"
    NO_PLACE = "no_place"
    NOT_AN_ARREST = "not_an_arrest"
    ONLY_ASSUMED = "only_assumed"
    DISABLED = "disabled"
    DANGER_UNKNOWN = "danger_unknown"
    DANGER_KNOWN = "danger_known"
    EXCLUDED = "excluded"


BLOCK_WORDS: Mapping[Block, Words] = {
    Block.INCIDENT_OVER: Words(
        en="The incident is over: nobody is asked.", zh="事件已结束，不再呼叫志愿者。"
    ),
    Block.NO_PLACE: Words(
        en="The place is not known yet: set it first.", zh="地点未知，请先定位。"
    ),
    Block.NOT_AN_ARREST: Words(
        en="No cardiac arrest was answered: ask “awake?” and “breathing normally?”.",
        zh="未问出心脏骤停，请先询问患者是否清醒、呼吸是否正常。",
    ),
    Block.ONLY_ASSUMED: Words(
        en="The arrest is only assumed: ask “awake?” and “breathing normally?” first.",
        zh="心脏骤停仅为推定，请先询问“清醒吗？呼吸正常吗？”。",
    ),
    Block.DISABLED: Words(
        en="The signed protocol sends no volunteers.", zh="已签署的预案不派志愿者。"
    ),
    Block.DANGER_UNKNOWN: Words(
        en="“Danger known?” was not answered: ask, and answer it.",
        zh="“是否有危险？”尚未回答，请先询问并作答。",
    ),
    Block.DANGER_KNOWN: Words(
        en="A danger is known: no volunteers go there.", zh="现场有已知危险，不派志愿者。"
    ),
    Block.EXCLUDED: Words(
        en="The signed protocol sends no volunteers to this kind of call.",
        zh="按已签署的预案，此类呼救不派志愿者。",
    ),
}
"""What a dispatcher is told, and does about it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the question is decided on."""

    over: bool
    has_place: bool
    plan: Mapping[str, Any] | None
    complaint_code: str | None
    danger_answer: str
    danger_kinds: Collection[str]


def blocks(scene: Scene, *, enabled: bool, excluded: Collection[str]) -> tuple[Block, ...]:
    """Return all that stands against it; empty: volunteers may be asked.

    An arrest counts only as answered: one that is assumed of questions nobody answered releases
    nothing. *Danger known?* must be answered *no*.
    """
    plan = scene.plan or {}
    answered = plan.get("cardiac_arrest") is True
    assumed = not answered and bool(plan.get("assumed"))
    checks = (
        (scene.over, Block.INCIDENT_OVER),
        (not scene.has_place, Block.NO_PLACE),
        (assumed, Block.ONLY_ASSUMED),
        (not answered and not assumed, Block.NOT_AN_ARREST),
        (not enabled, Block.DISABLED),
        (scene.danger_answer not in {"none", "known"}, Block.DANGER_UNKNOWN),
        (scene.danger_answer == "known", Block.DANGER_KNOWN),
        (
            scene.complaint_code in excluded or not set(excluded).isdisjoint(scene.danger_kinds),
            Block.EXCLUDED,
        ),
    )
    return tuple(block for holds, block in checks if holds)
