-- Written once, by anybody: periods, erasures, reviews.
CREATE TRIGGER retention_periods_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON retention_periods
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER erasures_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON erasures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER personal_access_reviews_kept BEFORE UPDATE OR DELETE OR TRUNCATE
    ON personal_access_reviews FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON retention_periods, erasures, personal_access_reviews
    FROM goldenhour_app;
REVOKE DELETE, TRUNCATE ON retention_runs FROM goldenhour_app;

-- A hold is written once and lifted once; a broken glass is ended once and reviewed once.
CREATE FUNCTION refuse_all_but() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step text;
    columns text[];
    rest jsonb := to_jsonb(NEW);
    before jsonb := to_jsonb(OLD);
BEGIN
    -- Each argument is one step: columns that are set together, once.
    FOREACH step IN ARRAY TG_ARGV LOOP
        columns := string_to_array(step, ',');
        IF before -> columns[1] <> 'null'::jsonb
            AND EXISTS (SELECT 1 FROM unnest(columns) AS c WHERE rest -> c <> before -> c)
        THEN
            RAISE EXCEPTION '% is set once', columns[1] USING ERRCODE = 'restrict_violation';
        END IF;
        rest := rest - columns;
        before := before - columns;
    END LOOP;
    IF rest <> before THEN
        RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER legal_holds_steps BEFORE UPDATE ON legal_holds FOR EACH ROW
    EXECUTE FUNCTION refuse_all_but('lifted_at,lifted_by,lift_reason');
CREATE TRIGGER legal_holds_kept BEFORE DELETE OR TRUNCATE ON legal_holds
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER break_glass_steps BEFORE UPDATE ON break_glass FOR EACH ROW
    EXECUTE FUNCTION refuse_all_but('ended_at', 'reviewed_at,reviewed_by,verdict,note');
CREATE TRIGGER break_glass_kept BEFORE DELETE OR TRUNCATE ON break_glass
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Nobody reviews the own read.
CREATE FUNCTION refuse_own_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.reviewed_by = (SELECT actor FROM public.personal_access
                          WHERE access_id = NEW.access_id) THEN
        RAISE EXCEPTION 'nobody reviews the own read'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'other_reviewer';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER personal_access_reviews_by_another BEFORE INSERT ON personal_access_reviews
    FOR EACH ROW EXECUTE FUNCTION refuse_own_review();
CREATE INDEX ix_personal_access_accessed_at ON personal_access (accessed_at);

-- Who answers for privacy may find and erase what is kept of a person, within the area.
CREATE POLICY personal_values_privacy ON personal_values
    USING (identity_may('privacy_admin', area_code));
CREATE POLICY patients_privacy ON patients USING (
    identity_may('privacy_admin',
        (SELECT i.area_code FROM public.incidents i WHERE i.incident_id = patients.incident_id)));
CREATE FUNCTION phone_digits(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    -- The last eleven digits: with the country's code or without it is one number.
    SELECT right(regexp_replace(value, '\D', '', 'g'), 11)
$$;
CREATE INDEX ix_personal_values_number ON personal_values (phone_digits(value))
    WHERE field = 'caller_number';
CREATE INDEX ix_personal_values_created_at ON personal_values (subject_kind, created_at);
