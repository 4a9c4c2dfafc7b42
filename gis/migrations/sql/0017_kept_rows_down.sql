DROP FUNCTION forget_indicator_values(integer);
DROP FUNCTION forget_identity_links(timestamptz);
DROP FUNCTION maintain_indicator_partitions(date);
ALTER FUNCTION make_indicator_partitions(date) RENAME TO maintain_indicator_partitions;
GRANT EXECUTE ON FUNCTION maintain_indicator_partitions(date) TO goldenhour_app;
DROP FUNCTION keep_indicator_partition(regclass);
DO $$
DECLARE
    part regclass;
BEGIN
    FOR part IN SELECT 'indicator_values'::regclass
        UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent = 'indicator_values'::regclass
    LOOP
        EXECUTE format('DROP TRIGGER indicator_values_whole ON %s', part);
        EXECUTE format('GRANT UPDATE, DELETE ON %s TO goldenhour_app', part);
    END LOOP;
END $$;
DROP TRIGGER indicator_values_kept ON indicator_values;
CREATE TRIGGER indicator_values_kept BEFORE UPDATE ON indicator_values
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER identity_links_kept ON identity_links;
DROP TRIGGER identity_links_reviewed_once ON identity_links;
DROP FUNCTION refuse_second_review();
