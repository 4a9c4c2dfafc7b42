CREATE OR REPLACE FUNCTION maintain_position_partitions(today date, days_ahead integer, retention_days integer)
    RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    day date;
    old record;
    changed integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(4403121);
    FOR day IN SELECT generate_series(today, today + days_ahead, interval '1 day')::date LOOP
        IF to_regclass('public.unit_positions_' || to_char(day, 'YYYYMMDD')) IS NULL
            AND NOT EXISTS (SELECT 1 FROM unit_positions_default
                            WHERE received_at >= day AND received_at < day + 1)
        THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF unit_positions FOR VALUES FROM (%L) TO (%L)',
                'unit_positions_' || to_char(day, 'YYYYMMDD'),
                day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
            changed := changed + 1;
        END IF;
    END LOOP;
    FOR old IN
        SELECT c.relname FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
        WHERE h.inhparent = 'public.unit_positions'::regclass
          AND c.relname ~ '^unit_positions_\d{8}$'
          AND to_date(right(c.relname, 8), 'YYYYMMDD') < today - retention_days
    LOOP
        EXECUTE format('DROP TABLE %I', old.relname);
        changed := changed + 1;
    END LOOP;
    DELETE FROM unit_positions_default WHERE received_at < today - retention_days;
    RETURN changed;
END $$;

DROP VIEW held_positions;
