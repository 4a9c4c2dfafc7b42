"""First zooms of the basemap's kinds of roads, areas, places and facilities."""

from gis.facilities.kinds import HOSPITAL_KINDS, KINDS

JOIN_BELOW_ZOOM = 13
"""Below it street pieces of one class are joined: names and one-ways are not drawn there."""

ROAD_CLASS_MIN_ZOOM: dict[str, int] = {
    "motorway": 4,
    "trunk": 5,
    "primary": 7,
    "secondary": 10,
    "tertiary": 11,
    "unclassified": 13,
    "residential": 13,
    "living_street": 13,
    "road": 13,
    "pedestrian": 14,
    "service": 14,
    "track": 14,
    "footway": 15,
    "path": 15,
    "cycleway": 15,
    "steps": 15,
    "bridleway": 15,
    "corridor": 16,
}
"""First zoom at which a class is drawn, most important class first."""

AREA_LEVEL_MIN_ZOOM: dict[str, int] = {
    "country": 0,
    "province": 0,
    "city": 3,
    "district": 6,
    "street": 11,
    "zone": 12,
}

PLACE_KIND_MIN_ZOOM: dict[str, int] = {
    "locality": 10,
    "station": 13,
    "poi": 15,
    "building": 16,
}
"""Streets, crossings, addresses and facilities are absent: other layers carry their names."""

FACILITY_KIND_MIN_ZOOM: dict[str, int] = {
    **dict.fromkeys(HOSPITAL_KINDS, 5),
    "community_health_centre": 12,
    **{name: 13 for name, kind in KINDS.items()
       if not kind.is_hospital and name != "community_health_centre"},
}  # fmt: skip
"""Hospitals at every zoom, health centres next, whatever else there is last."""
