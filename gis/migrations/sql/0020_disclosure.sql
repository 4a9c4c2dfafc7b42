-- What was published stays as it was: two versions of one period could be subtracted.
REVOKE UPDATE, DELETE, TRUNCATE ON disclosure_releases, disclosure_cells FROM goldenhour_app;
CREATE TRIGGER disclosure_releases_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure_releases
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER disclosure_cells_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure_cells
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Cells come with their release, in one transaction; none is added later.
CREATE FUNCTION refuse_later_cell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM disclosure_releases AS r
               WHERE r.release_id IN (SELECT release_id FROM added)
                 AND r.xmin <> pg_current_xact_id()::xid)
    THEN
        RAISE EXCEPTION 'a release is published whole' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER disclosure_cells_whole AFTER INSERT ON disclosure_cells
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_later_cell();
