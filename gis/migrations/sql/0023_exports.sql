-- What left the house stays on record; the one step added is another person's decision.
CREATE TRIGGER exports_steps BEFORE UPDATE ON exports FOR EACH ROW
    EXECUTE FUNCTION refuse_all_but('decided_at,decided_by,decision,decision_note');
CREATE TRIGGER exports_kept BEFORE DELETE OR TRUNCATE ON exports
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER export_fetches_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON export_fetches
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER export_files_written_once BEFORE UPDATE ON export_files
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The file is for whoever asked, and if it is about persons, once another person has approved.
ALTER TABLE export_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY export_files_insert ON export_files FOR INSERT WITH CHECK (true);
CREATE POLICY export_files_read ON export_files FOR SELECT USING (EXISTS (
    SELECT 1 FROM exports AS e WHERE e.export_id = export_files.export_id
    AND e.requested_by = current_setting('goldenhour.actor', true)
    AND (NOT e.persons OR e.decision = 'approved')));
-- Refused and expired ones go, by whoever decides and by the night.
CREATE FUNCTION drop_export_files(at timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    dropped bigint;
BEGIN
    DELETE FROM export_files AS f USING exports AS e
    WHERE e.export_id = f.export_id AND (e.decision = 'refused' OR e.expires_at <= at);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    RETURN dropped;
END $$;
REVOKE EXECUTE ON FUNCTION drop_export_files(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_export_files(timestamptz) TO goldenhour_app;
