"""The spatial core: settings, database, tables, datums, the event log. Imports nothing of ours."""
