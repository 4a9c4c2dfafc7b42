-- Until now “no” stood for “nobody said” as well. A model knows; of a map only the tag does.
UPDATE facilities SET has_emergency_department = NULL
WHERE NOT has_emergency_department AND NOT modelled
  AND NOT (source = 'osm' AND coalesce(tags->>'emergency', '') = 'no');

-- What stands here was said before, nobody noted when: it counts from now on.
INSERT INTO facility_sources (city_id, source, source_ref, facility_id, kind, name, name_zh,
    name_en, has_emergency_department, bed_count, phone, tags, capabilities, modelled, geom,
    first_seen_at, changed_at, last_seen_at)
SELECT f.city_id, f.source, f.source_ref, f.facility_id, f.kind, f.name, f.name_zh, f.name_en,
    f.has_emergency_department, f.bed_count, f.phone, f.tags,
    coalesce((SELECT jsonb_object_agg(c.capability, c.level) FROM facility_capabilities AS c
              WHERE c.facility_id = f.facility_id), '{}'),
    f.modelled, f.geom, now(), now(), now()
FROM facilities AS f;
INSERT INTO facility_kinds (facility_id, kind, valid_from)
SELECT facility_id, kind, now() FROM facilities;
UPDATE facility_capabilities AS c SET valid_from = now(), source = f.source
FROM facilities AS f WHERE f.facility_id = c.facility_id;
SET CONSTRAINTS ALL IMMEDIATE;

CREATE FUNCTION keep_facility_kind() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    facility bigint := coalesce(NEW.facility_id, OLD.facility_id);
BEGIN
    UPDATE public.facilities AS f SET kind = k.kind
    FROM (SELECT max(kind) AS kind FROM public.facility_kinds
          WHERE facility_id = facility AND valid_until IS NULL) AS k
    WHERE f.facility_id = facility AND f.kind IS DISTINCT FROM k.kind;
    RETURN NULL;
END $$;
CREATE TRIGGER facility_kinds_now AFTER INSERT OR UPDATE OR DELETE ON facility_kinds
    FOR EACH ROW EXECUTE FUNCTION keep_facility_kind();
