"""What can be allowed in planning."""

from gis.access import Permission

ACCESS_READ = Permission("access_read")
STUDY_WRITE = Permission("study_write")
