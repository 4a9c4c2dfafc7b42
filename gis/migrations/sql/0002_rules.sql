-- What constraints cannot say: append-only logs, row-level security, simulated rows, partitions.

-- Events and the stream are written once. Even the owner is refused.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stream_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stream
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stream_heads_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stream_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A live installation holds nothing simulated.
CREATE FUNCTION refuse_simulated_in_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.simulated AND (SELECT purpose FROM public.installation) = 'live' THEN
        RAISE EXCEPTION 'a live installation refuses simulated incidents'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'simulated_in_live';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_simulated BEFORE INSERT OR UPDATE OF simulated ON incidents
    FOR EACH ROW EXECUTE FUNCTION refuse_simulated_in_live();

CREATE FUNCTION refuse_control_in_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT purpose FROM public.installation) = 'live' THEN
        RAISE EXCEPTION 'a live installation has no simulation'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'simulated_in_live';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER simulation_control_live BEFORE INSERT OR UPDATE ON simulation_control
    FOR EACH ROW EXECUTE FUNCTION refuse_control_in_live();

CREATE FUNCTION refuse_other_purpose() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.purpose <> OLD.purpose THEN
        RAISE EXCEPTION 'the purpose of an installation is settled once'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER installation_settled BEFORE UPDATE OR DELETE ON installation
    FOR EACH ROW EXECUTE FUNCTION refuse_other_purpose();

-- Row-level security reads the identity that the unit of work sets for its transaction.
CREATE FUNCTION identity_may(permission text, area_code text) RETURNS boolean
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

ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE POLICY patients_read ON patients FOR SELECT USING (
    identity_may('incident_read',
        (SELECT i.area_code FROM public.incidents i WHERE i.incident_id = patients.incident_id)));
CREATE POLICY patients_insert ON patients FOR INSERT WITH CHECK (
    identity_may('incident_write',
        (SELECT i.area_code FROM public.incidents i WHERE i.incident_id = patients.incident_id)));
CREATE POLICY patients_update ON patients FOR UPDATE USING (
    identity_may('incident_write',
        (SELECT i.area_code FROM public.incidents i WHERE i.incident_id = patients.incident_id)));

ALTER TABLE personal_values ENABLE ROW LEVEL SECURITY;
CREATE POLICY personal_values_read ON personal_values FOR SELECT
    USING (identity_may('personal_read', area_code));
CREATE POLICY personal_values_insert ON personal_values FOR INSERT
    WITH CHECK (identity_may('incident_write', NULL));

-- A call is taken wherever it comes from, and its values follow the incident into the area where
-- it turns out to lie, also out of the sight of who placed it.
CREATE FUNCTION move_personal_values(incident uuid, new_area_code text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT identity_may('incident_write', NULL) THEN
        RAISE EXCEPTION 'only who may write incidents may move their values'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE personal_values AS stored SET area_code = new_area_code
    WHERE (stored.subject_kind = 'call' AND stored.subject_id IN (
            SELECT call_id::text FROM calls WHERE incident_id = incident))
       OR (stored.subject_kind = 'patient' AND stored.subject_id IN (
            SELECT patient_id::text FROM patients WHERE incident_id = incident));
END $$;
CREATE POLICY personal_values_delete ON personal_values FOR DELETE
    USING (identity_may('personal_read', area_code));

-- Vehicle positions: one partition a day, made ahead, dropped after retention.
CREATE TABLE unit_positions_default PARTITION OF unit_positions DEFAULT;

CREATE FUNCTION maintain_position_partitions(today date, days_ahead integer, retention_days integer)
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

-- The application's rights: everything but changing the past and the shape.
GRANT USAGE ON SCHEMA public TO goldenhour_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO goldenhour_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO goldenhour_app;
GRANT EXECUTE ON FUNCTION move_personal_values(uuid, text) TO goldenhour_app;
REVOKE EXECUTE ON FUNCTION move_personal_values(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION maintain_position_partitions(date, integer, integer) TO goldenhour_app;
REVOKE EXECUTE ON FUNCTION maintain_position_partitions(date, integer, integer) FROM PUBLIC;
REVOKE UPDATE, DELETE, TRUNCATE ON events, stream, stream_heads FROM goldenhour_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON installation FROM goldenhour_app;
REVOKE UPDATE, DELETE, TRUNCATE ON personal_access FROM goldenhour_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version, spatial_ref_sys FROM goldenhour_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO goldenhour_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO goldenhour_app;
