"""What can be allowed with cases and signals."""

from gis.access import Permission

SURVEILLANCE_READ = Permission("surveillance_read")
CASES_READ = Permission("cases_read")
CASES_IMPORT = Permission("cases_import")
CASES_SENSITIVE = Permission("cases_sensitive")
SIGNALS_WORK = Permission("signals_work")
