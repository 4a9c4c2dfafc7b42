"""What can be allowed with calls, incidents and units."""

from gis.access import Permission

INCIDENT_READ = Permission("incident_read")
INCIDENT_WRITE = Permission("incident_write")
DISPATCH = Permission("dispatch")
UNIT_STATUS_WRITE = Permission("unit_status_write")
POSITION_WRITE = Permission("position_write")
PERSONAL_READ = Permission("personal_read")
PLACE_SEARCH = Permission("place_search")
SIMULATION_CONTROL = Permission("simulation_control")
ALARM_ESCALATION = Permission("alarm_escalation")
ARRIVALS_READ = Permission("arrivals_read")
TELEPHONY = Permission("telephony")
KPIS_READ = Permission("kpis_read")
SURGE_CONTROL = Permission("surge_control")
CLINICAL_REVIEW = Permission("clinical_review")
VOLUNTEER_RESPOND = Permission("volunteer_respond")
VOLUNTEER_ADMIN = Permission("volunteer_admin")
COVERAGE_RULES = Permission("coverage_rules")
