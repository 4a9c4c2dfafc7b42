"""Every type of event there is, with what it says. `emit` knows no others."""

_ASSIGNMENT = {
    "acknowledged": "The crew acknowledged the dispatch (eTimes.04).",
    "en_route": "The unit began to move (eTimes.05).",
    "staging": "The unit waits at a staging area (eTimes.17).",
    "on_scene": "The unit stopped at the scene (eTimes.06).",
    "at_patient": "The crew reached the patient (eTimes.07).",
    "left_scene": "The unit left the scene with a patient (eTimes.09).",
    "at_destination": "The patient arrived at the destination (eTimes.11).",
    "transferred": "The destination took over the patient's care (eTimes.12).",
    "available": "The unit is back in service (eTimes.13).",
    "home": "The unit is back at its station (eTimes.15).",
    "cancelled": "The unit was cancelled (eTimes.14).",
    "diverted": "The unit was sent to another incident instead.",
    "handed_over": "Care was handed over to another unit (eTimes.08).",
    "no_transport": "The unit left without taking a patient.",
    "notified": "The unit was told to go (eTimes.03).",
    "pre_alerted": "The unit was warned that it may have to go.",
    "suggested": "The unit was proposed and nothing sent yet.",
}

EVENT_TYPES: dict[str, str] = {
    "incident.call_received": "A call came in; a new incident was made for it.",
    "incident.call_noted": "The caller's words or number were written down or corrected.",
    "incident.located": "The incident's place was set or corrected.",
    "incident.coded": "Triage gave the incident a determinant and a category.",
    "incident.queued": "The incident waits for a unit.",
    "incident.assigned": "A unit was sent (eTimes.03).",
    "incident.destination_set": "A hospital was chosen for a unit's patient.",
    "incident.patient_added": "A patient was added to the incident.",
    "incident.closed": "The incident was closed with its outcome.",
    "incident.cancelled": "The incident was cancelled with a reason.",
    "incident.reopened": "A closed or cancelled incident was opened again.",
    "incident.taken_over": "A dispatcher took the incident over.",
    "incident.personal_values_erased": "The caller's and patients' personal values were erased.",
    "incident.marked_duplicate": "The incident was linked to the one it repeats.",
    **{f"assignment.{state}": words for state, words in _ASSIGNMENT.items()},
    "unit.status_changed": "A unit's availability changed.",
    "hospital.status_changed": "A hospital reported diversion or free beds.",
    "simulation.changed": "The simulated city's speed or dispatching was changed.",
    "city.stored": "A city was loaded or refreshed.",
    "city.register_imported": "A register was imported into a city.",
    "road.closed": "Roads were closed until a time.",
    "road.flooded": "Roads were reported under water, with the depth.",
    "road.roadworks_set": "Roadworks slow roads down until a time.",
    "road.speed_set": "A person set the speed of roads until a time.",
    "road.contraflow_signed": "Driving against one-way roads was permitted until a time.",
    "road.contraflow_revoked": "A permit to drive against one-way roads was withdrawn.",
    "road.reopened": "A closure, flood, roadworks or set speed was ended before its time.",
    "road.extended": "The end of a road condition was moved.",
    "road.place_cut_off": "A station or hospital lost its road connection to the city.",
    "road.speeds_updated": "Live speeds of roads came in.",
    "road.profiles_learned": "Speeds by hour of the week were learned anew.",
    "road.conditions_remapped": "Road conditions were carried over to a new road network.",
}


class UndeclaredEventError(LookupError):
    """A use case emits a type that is not declared here."""

    def __init__(self, type_: str) -> None:
        super().__init__(f"Declare the event type {type_!r} in gis/event_types.py.")
