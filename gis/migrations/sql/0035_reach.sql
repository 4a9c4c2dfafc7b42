-- A city's areas within `reach`, the highest of each branch only: together they cover what a right
-- that is limited to `reach` lets be seen, and no place twice.
CREATE FUNCTION areas_reached(city bigint, reach text[])
    RETURNS TABLE (code text, level text, geom geometry)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10 AS $$
    WITH held AS MATERIALIZED (
        SELECT a.code, a.level, a.path, a.geom FROM public.areas AS a
        WHERE a.city_id = city AND a.valid_to IS NULL
          AND a.code IN (SELECT public.codes_within(reach))
    )
    SELECT held.code, held.level, held.geom FROM held
    WHERE NOT EXISTS (
        SELECT 1 FROM held AS above
        WHERE above.code <> held.code AND above.code = ANY (held.path)
    )
$$;

UPDATE personal_access AS seen SET area_code = incident.area_code
FROM calls AS call JOIN incidents AS incident USING (incident_id)
WHERE seen.subject_kind = 'call' AND seen.subject_id = call.call_id::text;
UPDATE personal_access AS seen SET area_code = incident.area_code
FROM patients AS patient JOIN incidents AS incident USING (incident_id)
WHERE seen.subject_kind = 'patient' AND seen.subject_id = patient.patient_id::text;
