-- Those who may see no numbers are told of signals of cases; neither of calls nor of drops.
CREATE OR REPLACE FUNCTION signal_outlines(city bigint)
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
    WHERE s.city_id = city AND s.state <> 'ended' AND s.told AND s.kind NOT IN ('calls','drop')
    AND s.sensitive = 'ordinary'
    AND identity_may('surveillance_read', NULL)
    ORDER BY s.weight DESC, s.signal_id
$$;
