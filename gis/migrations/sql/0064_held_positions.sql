-- Positions that an incident on hold needs: of its units while they had it, and of every unit of the
-- city around each dispatch (who else could have gone).
CREATE VIEW held_positions AS
WITH held AS (
    SELECT DISTINCT i.incident_id, i.city_id, i.received_at,
           COALESCE(i.closed_at, i.cancelled_at, 'infinity'::timestamptz) AS ended_at, h.ends_at
    FROM legal_holds AS h
    LEFT JOIN calls AS c ON h.subject_kind = 'call' AND c.call_id::text = h.subject_id
    LEFT JOIN patients AS p ON h.subject_kind = 'patient' AND p.patient_id::text = h.subject_id
    JOIN incidents AS i ON i.incident_id = COALESCE(c.incident_id, p.incident_id)
        OR (h.subject_kind = 'incident' AND i.incident_id::text = h.subject_id)
    WHERE h.lifted_at IS NULL
)
SELECT held.incident_id, a.unit_id, LEAST(held.received_at, a.created_at) AS begins_at,
       GREATEST(held.ended_at, a.created_at) AS until_at, held.ends_at
FROM held JOIN assignments AS a ON a.incident_id = held.incident_id
UNION
SELECT held.incident_id, u.unit_id, a.created_at - interval '5 minutes',
       a.created_at + interval '1 minute', held.ends_at
FROM held JOIN assignments AS a ON a.incident_id = held.incident_id
JOIN units AS u ON u.city_id = held.city_id;

CREATE OR REPLACE FUNCTION maintain_position_partitions(today date, days_ahead integer,
                                                        retention_days integer)
    RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    day date;
    old record;
    needed boolean;
    changed integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(4403121);
    -- As whoever erases: a hold is placed before this, and seen, or after it.
    PERFORM pg_advisory_xact_lock_shared(4403125);
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
        -- What no hold needs goes, also of a day that a hold needs something of.
        EXECUTE format(
            'DELETE FROM %I AS p WHERE NOT EXISTS (SELECT FROM held_positions AS held'
            ' WHERE held.unit_id = p.unit_id AND p.received_at >= held.begins_at'
            ' AND p.received_at <= held.until_at'
            ' AND (held.ends_at IS NULL OR held.ends_at > $1))', old.relname) USING today::timestamptz;
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', old.relname) INTO needed;
        IF NOT needed THEN
            EXECUTE format('DROP TABLE %I', old.relname);
            changed := changed + 1;
        END IF;
    END LOOP;
    DELETE FROM unit_positions_default AS p
    WHERE p.received_at < today - retention_days
      AND NOT EXISTS (SELECT FROM held_positions AS held
                      WHERE held.unit_id = p.unit_id AND p.received_at >= held.begins_at
                        AND p.received_at <= held.until_at
                        AND (held.ends_at IS NULL OR held.ends_at > today::timestamptz));
    RETURN changed;
END $$;
GRANT SELECT ON held_positions TO goldenhour_app;
