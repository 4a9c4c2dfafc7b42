ALTER POLICY patients_read ON patients USING (
    identity_may('incident_read',
        (SELECT i.area_code FROM public.incidents i WHERE i.incident_id = patients.incident_id)));
ALTER POLICY personal_values_read ON personal_values USING (
    identity_may('personal_read', area_code));
CREATE OR REPLACE FUNCTION identity_may(permission text, area_code text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN coalesce(current_setting('goldenhour.' || permission, true), '') IN ('', '{}')
            THEN false
        WHEN area_code IS NULL THEN true
        ELSE EXISTS (
            SELECT 1
            FROM unnest(current_setting('goldenhour.' || permission, true)::text[]) AS prefix
            WHERE starts_with(area_code, prefix)
        )
    END
$$;
DROP FUNCTION identity_jurisdictions(text);
DROP FUNCTION codes_within(text[]);
DROP FUNCTION link_areas(bigint);
DROP TRIGGER areas_path_below ON areas;
DROP TRIGGER areas_path ON areas;
DROP FUNCTION carry_area_path();
DROP FUNCTION set_area_path();
DROP FUNCTION official_ancestors(text);
DROP FUNCTION area_level_rank(text);
