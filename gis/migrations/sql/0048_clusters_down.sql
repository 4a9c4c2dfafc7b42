DROP FUNCTION cluster_outlines(uuid);
ALTER TABLE clusters DISABLE ROW LEVEL SECURITY;
DROP POLICY clusters_read ON clusters;
DROP POLICY clusters_insert ON clusters;
DROP POLICY clusters_update ON clusters;
DROP FUNCTION identity_reaches_all(text, text[]);
