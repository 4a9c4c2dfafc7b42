-- A link is reviewed once; else it stays as it was made. Even the owner is refused.
CREATE FUNCTION refuse_second_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.reviewed_at IS NOT NULL
        OR (to_jsonb(NEW) - '{reviewed_at,reviewed_by}'::text[])
            <> (to_jsonb(OLD) - '{reviewed_at,reviewed_by}'::text[])
    THEN
        RAISE EXCEPTION 'a link is reviewed once and else never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER identity_links_reviewed_once BEFORE UPDATE ON identity_links
    FOR EACH ROW EXECUTE FUNCTION refuse_second_review();
CREATE TRIGGER identity_links_kept BEFORE DELETE OR TRUNCATE ON identity_links
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A trigger of rows is inherited by every partition, one of statements stands on each by itself.
DROP TRIGGER indicator_values_kept ON indicator_values;
CREATE TRIGGER indicator_values_kept BEFORE UPDATE OR DELETE ON indicator_values
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER indicator_values_whole BEFORE TRUNCATE ON indicator_values
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON indicator_values FROM goldenhour_app;

CREATE FUNCTION keep_indicator_partition(part regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER indicator_values_whole BEFORE TRUNCATE ON %s'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', part);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM goldenhour_app', part);
END $$;
REVOKE EXECUTE ON FUNCTION keep_indicator_partition(regclass) FROM PUBLIC;

-- What makes the partitions goes on doing so; each new one is then kept like the others.
ALTER FUNCTION maintain_indicator_partitions(date) RENAME TO make_indicator_partitions;
REVOKE EXECUTE ON FUNCTION make_indicator_partitions(date) FROM goldenhour_app;
CREATE FUNCTION maintain_indicator_partitions(today date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    changed integer := make_indicator_partitions(today);
BEGIN
    PERFORM keep_indicator_partition(i.inhrelid::regclass) FROM pg_inherits AS i
    WHERE i.inhparent = 'indicator_values'::regclass
      AND NOT EXISTS (SELECT 1 FROM pg_trigger AS t
                      WHERE t.tgrelid = i.inhrelid AND t.tgname = 'indicator_values_whole');
    RETURN changed;
END $$;
GRANT EXECUTE ON FUNCTION maintain_indicator_partitions(date) TO goldenhour_app;
REVOKE EXECUTE ON FUNCTION maintain_indicator_partitions(date) FROM PUBLIC;
SELECT keep_indicator_partition(inhrelid::regclass) FROM pg_inherits
WHERE inhparent = 'indicator_values'::regclass;

-- Retention: the one way by which such rows end. The owner's, not the application's.
CREATE FUNCTION forget_identity_links(before timestamptz) RETURNS bigint
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    forgotten bigint;
BEGIN
    ALTER TABLE identity_links DISABLE TRIGGER identity_links_kept;
    DELETE FROM identity_links WHERE made_at < before AND reviewed_at IS NOT NULL;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    ALTER TABLE identity_links ENABLE TRIGGER identity_links_kept;
    RETURN forgotten;
END $$;
REVOKE EXECUTE ON FUNCTION forget_identity_links(timestamptz) FROM PUBLIC;

CREATE FUNCTION forget_indicator_values(before_year integer) RETURNS bigint
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    first date := make_date(before_year, 1, 1);
    forgotten bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(4403123);
    ALTER TABLE indicator_values DISABLE TRIGGER indicator_values_kept;
    DELETE FROM indicator_values WHERE period_from < first;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    DELETE FROM indicator_latest WHERE period_from < first;
    ALTER TABLE indicator_values ENABLE TRIGGER indicator_values_kept;
    RETURN forgotten;
END $$;
REVOKE EXECUTE ON FUNCTION forget_indicator_values(integer) FROM PUBLIC;
