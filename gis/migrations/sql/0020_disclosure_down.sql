DROP TABLE disclosure_cells;
DROP TABLE disclosure_releases;
DROP FUNCTION refuse_later_cell();
