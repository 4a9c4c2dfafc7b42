UPDATE areas SET population = area_residents(area_id);
UPDATE population_cells AS c SET risk_values = found.held
FROM (SELECT subject_id, jsonb_object_agg(indicator, value) AS held FROM indicator_latest
      WHERE subject_kind = 'population_cell' GROUP BY subject_id) AS found
WHERE c.cell_id::text = found.subject_id;
DELETE FROM population_cells AS c USING population_cells AS other
WHERE c.city_id = other.city_id AND c.source = other.source AND c.source_ref = other.source_ref
  AND c.cell_id < other.cell_id;
DROP FUNCTION maintain_indicator_partitions(date);
DROP TRIGGER indicator_values_kept ON indicator_values;
DROP TRIGGER indicator_values_latest ON indicator_values;
DROP FUNCTION keep_latest_indicator();
DROP TRIGGER area_successors_whole ON area_successors;
DROP FUNCTION check_successor_shares();
DROP FUNCTION area_residents(bigint);
