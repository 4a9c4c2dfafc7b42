-- Areas form a tree. `path` names every area above and the area itself, so that a jurisdiction is
-- compared segment by segment: `osm-12` is never the beginning of `osm-123`.

CREATE FUNCTION area_level_rank(level text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_position(ARRAY['country','province','city','district','street','zone'], level)
$$;

-- The codes that stand above a code of GB/T 2260 or GB/T 10114 (6, 9 or 12 digits), each in the
-- short form (44, 4403) and the written one (440000, 440300); none for codes of other registers.
CREATE FUNCTION official_ancestors(code text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN code !~ '^[1-8]\d{5}(\d{3}){0,2}$' THEN '{}'::text[]
    ELSE array_remove(ARRAY[
        left(code, 2),
        left(code, 2) || '0000',
        CASE WHEN substr(code, 3, 2) <> '00' THEN left(code, 4) END,
        CASE WHEN substr(code, 3, 2) <> '00' THEN left(code, 4) || '00' END,
        CASE WHEN length(code) > 6 THEN left(code, 6) END,
        CASE WHEN length(code) > 9 THEN left(code, 9) END
    ], NULL) END
$$;

CREATE FUNCTION set_area_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above_level text;
    above_path text[] := '{}';
BEGIN
    IF NEW.parent_id IS NOT NULL THEN
        SELECT level, path INTO above_level, above_path
        FROM public.areas WHERE area_id = NEW.parent_id;
        IF public.area_level_rank(above_level) >= public.area_level_rank(NEW.level) THEN
            RAISE EXCEPTION 'a % is not above a %', above_level, NEW.level
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_areas_parent_above';
        END IF;
    END IF;
    SELECT array_agg(code ORDER BY place) INTO NEW.path
    FROM (
        SELECT code, min(place) AS place
        FROM unnest(above_path || public.official_ancestors(NEW.code) || NEW.code)
             WITH ORDINALITY AS named(code, place)
        GROUP BY code
    ) AS once;
    RETURN NEW;
END $$;

CREATE FUNCTION carry_area_path() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.areas SET parent_id = parent_id WHERE parent_id = NEW.area_id;
    RETURN NULL;
END $$;

CREATE TRIGGER areas_path BEFORE INSERT OR UPDATE OF code, level, parent_id, path ON areas
    FOR EACH ROW EXECUTE FUNCTION set_area_path();
CREATE TRIGGER areas_path_below AFTER UPDATE OF code, level, parent_id, path ON areas
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path OR OLD.level <> NEW.level)
    EXECUTE FUNCTION carry_area_path();

-- The parent of a city's area is the smallest valid one of a higher level around its inner point.
CREATE FUNCTION link_areas(city bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    rank integer;
BEGIN
    FOR rank IN 1..6 LOOP
        UPDATE public.areas AS a SET parent_id = found.parent_id
        FROM (
            SELECT below.area_id, (
                SELECT above.area_id FROM public.areas AS above
                WHERE above.city_id = city AND above.valid_to IS NULL
                  AND public.area_level_rank(above.level) < rank
                  AND public.ST_Covers(above.geom, public.ST_PointOnSurface(below.geom))
                ORDER BY public.area_level_rank(above.level) DESC, public.ST_Area(above.geom),
                         above.area_id
                LIMIT 1
            ) AS parent_id
            FROM public.areas AS below
            WHERE below.city_id = city AND below.valid_to IS NULL
              AND public.area_level_rank(below.level) = rank
        ) AS found
        WHERE a.area_id = found.area_id AND a.parent_id IS DISTINCT FROM found.parent_id;
    END LOOP;
END $$;

-- THE comparison of jurisdictions. Row-level security, the repositories and the identities in
-- memory all ask it: every code, also of past areas, that stands at or below one of
-- `jurisdictions` in a path. A jurisdiction always reaches its own code.
CREATE FUNCTION codes_within(jurisdictions text[]) RETURNS SETOF text
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 100 AS $$
    SELECT a.path[place] FROM public.areas AS a, generate_subscripts(a.path, 1) AS place
    WHERE a.path && jurisdictions AND a.path[:place] && jurisdictions
    UNION SELECT unnest(jurisdictions)
$$;

CREATE FUNCTION identity_jurisdictions(permission text) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('goldenhour.' || permission, true), ''), '{}')::text[]
$$;

UPDATE areas SET path = '{}';
SELECT link_areas(city_id) FROM cities;

-- A grant that was the mere beginning of codes names from now on the areas it covered.
INSERT INTO user_roles (user_id, role, jurisdiction, facility_id)
SELECT DISTINCT r.user_id, r.role, top.code, r.facility_id
FROM user_roles AS r
JOIN areas AS top ON starts_with(top.code, r.jurisdiction)
WHERE r.jurisdiction <> ''
  AND NOT EXISTS (SELECT 1 FROM areas AS a WHERE a.path && ARRAY[r.jurisdiction])
  AND NOT EXISTS (SELECT 1 FROM areas AS above WHERE above.area_id = top.parent_id
                  AND starts_with(above.code, r.jurisdiction))
ON CONFLICT (user_id, role, jurisdiction) DO NOTHING;

-- Whether the permission is held anywhere, everywhere, or where `area_code` lies. A row without
-- an area is open to every holder.
CREATE OR REPLACE FUNCTION identity_may(permission text, area_code text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN public.identity_jurisdictions(permission) = '{}' THEN false
        WHEN area_code IS NULL OR '' = ANY (public.identity_jurisdictions(permission)) THEN true
        ELSE area_code IN (
            SELECT public.codes_within(public.identity_jurisdictions(permission)))
    END
$$;

-- The policies ask for the set once a statement, not for each row.
ALTER POLICY patients_read ON patients USING (
    identity_may('incident_read', NULL) AND (
        '' = ANY (identity_jurisdictions('incident_read')) OR EXISTS (
            SELECT 1 FROM incidents AS i WHERE i.incident_id = patients.incident_id
            AND (i.area_code IS NULL OR i.area_code IN (
                SELECT codes_within(identity_jurisdictions('incident_read')))))));
ALTER POLICY personal_values_read ON personal_values USING (
    identity_may('personal_read', NULL) AND (
        area_code IS NULL OR '' = ANY (identity_jurisdictions('personal_read'))
        OR area_code IN (SELECT codes_within(identity_jurisdictions('personal_read')))));
