"""What an offer to divert writes into the incident that asks and the one that would lose."""

from collections.abc import Mapping

from gis.words import Words

DIVERSION_EVENTS: Mapping[str, Mapping[str, tuple[str, Words]]] = {
    "diversion": {
        "offered": (
            "A crew on the way to a lesser incident was asked to come; nobody is sent yet.",
            Words(
                en="{call_sign} asked to leave {from_number} ({from_category}) and come here",
                zh="询问{call_sign}能否离开{from_number}（{from_category}）前来",
            ),
        ),
        "accepted": (
            "The crew said yes and comes.",
            Words(
                en="{call_sign} diverted here from {from_number} ({from_category})",
                zh="{call_sign}已从{from_number}（{from_category}）改派前来",
            ),
        ),
        "declined": (
            "The crew said no.",
            Words(
                en="{call_sign} declined; it stays with {from_number}",
                zh="{call_sign}拒绝改派，继续前往{from_number}",
            ),
        ),
        "expired": (
            "The crew did not answer in time.",
            Words(
                en="{call_sign} did not answer in time; it stays with {from_number}",
                zh="{call_sign}未及时答复，继续前往{from_number}",
            ),
        ),
        "withdrawn": (
            "The dispatcher asks the crew no longer.",
            Words(
                en="{call_sign} is asked no longer; it stays with {from_number}",
                zh="已撤回对{call_sign}的询问，其继续前往{from_number}",
            ),
        ),
    },
    "diversion_away": {
        "offered": (
            "This incident's crew was asked to leave for a more urgent one; it goes on meanwhile.",
            Words(
                en="{call_sign} asked to go to {to_number} ({to_category}); it still comes here",
                zh="询问{call_sign}能否改派至{to_number}（{to_category}），目前仍前来",
            ),
        ),
        "accepted": (
            "This incident lost its crew to a more urgent one; it waits with the clock it had.",
            Words(
                en="{call_sign} diverted to {to_number} ({to_category}); a unit is missing here",
                zh="{call_sign}已改派至{to_number}（{to_category}），此处缺车",
            ),
        ),
        "declined": (
            "This incident keeps its crew: it said no.",
            Words(
                en="{call_sign} declined {to_number}; it comes here",
                zh="{call_sign}拒绝改派至{to_number}，继续前来",
            ),
        ),
        "expired": (
            "This incident keeps its crew: it did not answer in time.",
            Words(
                en="{call_sign} did not answer about {to_number}; it comes here",
                zh="{call_sign}未答复改派至{to_number}的询问，继续前来",
            ),
        ),
        "withdrawn": (
            "This incident keeps its crew: it is asked no longer.",
            Words(
                en="{call_sign} is asked no longer to go to {to_number}; it comes here",
                zh="已撤回改派{call_sign}至{to_number}的询问，其继续前来",
            ),
        ),
    },
}
"""Kind of event, how the offer stands, what it says, its words."""
