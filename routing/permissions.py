"""What can be allowed with roads."""

from gis.access import Permission

ROUTING_USE = Permission("routing_use")
ROAD_CONDITIONS_READ = Permission("road_conditions_read")
ROAD_CONDITIONS_WRITE = Permission("road_conditions_write")
CONTRAFLOW_SIGN = Permission("contraflow_sign")
