"""What can be allowed in the spatial core."""

from gis.access import Permission

USER_ADMIN = Permission("user_admin")
EVENTS_READ = Permission("events_read")
RESOURCE_READ = Permission("resource_read")
HOSPITAL_STATUS_WRITE = Permission("hospital_status_write")
AED_MODERATE = Permission("aed_moderate")
LAYERS_READ = Permission("layers_read")
MAP_READ_OPERATIONAL = Permission("map_read_operational")
PUBLISHED_COUNTS_READ = Permission("published_counts_read")
IDENTITY_LINK = Permission("identity_link")
IDENTITY_LINK_REVIEW = Permission("identity_link_review")
AUDIT_REVIEW = Permission("audit_review")
PRIVACY_ADMIN = Permission("privacy_admin")
BREAK_GLASS = Permission("break_glass")
EXPORT_MAKE = Permission("export_make")
EXPORT_REVIEW = Permission("export_review")
