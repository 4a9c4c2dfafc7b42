-- Whether an identity holds a permission in an area, or in the whole city (no code).
CREATE FUNCTION identity_reaches(permission text, city bigint, area_code text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT '' = ANY (identity_jurisdictions(permission))
        OR coalesce(area_code, (
            SELECT a.code FROM public.areas AS a
            WHERE a.city_id = city AND a.level = 'city' AND a.valid_to IS NULL LIMIT 1
        )) IN (SELECT codes_within(identity_jurisdictions(permission)))
$$;

-- Counts of people below any threshold: for whoever reads cases in the area; those of a sensitive
-- disease ask for its own permission besides. Only a run writes them, as the system.
ALTER TABLE surveillance_signals ENABLE ROW LEVEL SECURITY;
CREATE POLICY surveillance_signals_read ON surveillance_signals FOR SELECT USING (
    identity_reaches('cases_read', city_id, area_code)
    AND (sensitive = 'ordinary' OR identity_reaches('cases_sensitive', city_id, area_code)));
CREATE POLICY surveillance_signals_insert ON surveillance_signals FOR INSERT
    WITH CHECK (identity_reaches('cases_import', city_id, NULL));
CREATE POLICY surveillance_signals_update ON surveillance_signals FOR UPDATE
    USING (identity_reaches('signals_work', city_id, area_code));

ALTER TABLE surveillance_series ENABLE ROW LEVEL SECURITY;
CREATE POLICY surveillance_series_read ON surveillance_series FOR SELECT USING (
    identity_reaches('cases_read', city_id, area_code)
    AND (sensitive = 'ordinary' OR identity_reaches('cases_sensitive', city_id, area_code)));
CREATE POLICY surveillance_series_insert ON surveillance_series FOR INSERT
    WITH CHECK (identity_reaches('cases_import', city_id, NULL));
CREATE POLICY surveillance_series_update ON surveillance_series FOR UPDATE
    USING (identity_reaches('cases_import', city_id, NULL));
CREATE POLICY surveillance_series_delete ON surveillance_series FOR DELETE
    USING (identity_reaches('cases_import', city_id, NULL));

-- That there is a signal, in which district and of which disease, for those who may see no number
-- of it: what they are told of the disease is its group (surveillance.signals.today). Sensitive
-- diseases are not in it.
CREATE FUNCTION signal_outlines(city bigint)
    RETURNS TABLE (signal_id uuid, disease text, area_code text, raised_on date, last_on date,
                   state_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.signal_id, s.disease, (
        SELECT above.code FROM areas AS own
        JOIN areas AS above ON above.code = ANY (own.path) AND above.city_id = own.city_id
        WHERE own.city_id = s.city_id AND own.code = s.area_code AND own.valid_to IS NULL
        AND above.level = 'district' AND above.valid_to IS NULL LIMIT 1
    ), s.raised_on, s.last_on, s.raised_on::timestamptz
    FROM surveillance_signals AS s
    WHERE s.city_id = city AND s.state <> 'ended' AND s.told AND s.sensitive = 'ordinary'
    AND identity_may('surveillance_read', NULL)
    ORDER BY s.weight DESC, s.signal_id
$$;
GRANT EXECUTE ON FUNCTION signal_outlines(bigint) TO goldenhour_app;
