DROP TRIGGER facility_kinds_now ON facility_kinds;
DROP FUNCTION keep_facility_kind();

UPDATE facilities AS f SET source = s.source, source_ref = s.source_ref, tags = s.tags
FROM (SELECT DISTINCT ON (facility_id) facility_id, source, source_ref, tags FROM facility_sources
      ORDER BY facility_id, ended_at DESC NULLS FIRST, modelled, source = 'osm', changed_at DESC,
               source, source_ref) AS s
WHERE s.facility_id = f.facility_id;
UPDATE facilities SET source = 'merged', source_ref = facility_id::text WHERE source IS NULL;

-- Three kinds were known; a facility that is no more had the kind it had last.
UPDATE facilities AS f SET kind = CASE
    WHEN k.kind IN ('hospital', 'community_health_centre', 'clinic') THEN k.kind
    WHEN k.kind LIKE '%hospital' THEN 'hospital' ELSE 'clinic' END
FROM (SELECT DISTINCT ON (facility_id) facility_id, kind FROM facility_kinds
      ORDER BY facility_id, valid_from DESC) AS k
WHERE k.facility_id = f.facility_id;
UPDATE facilities SET kind = 'clinic' WHERE kind IS NULL;
UPDATE facilities SET has_emergency_department = false WHERE has_emergency_department IS NULL;
DELETE FROM facility_capabilities WHERE valid_until IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
