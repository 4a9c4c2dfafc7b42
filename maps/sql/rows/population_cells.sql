-- Of each source the cells of its last count.
SELECT source_ref AS cell, population,
       round((population / nullif(ST_Area(geom::geography) / 1e6, 0))::numeric, 1)::float8
           AS density,
       counted_on::text AS counted_on, modelled, geom
FROM population_cells AS cell
WHERE city_id = :city_id AND time_of_day = :time
  AND counted_on IS NOT DISTINCT FROM (
      SELECT max(counted_on) FROM population_cells AS last
      WHERE last.city_id = :city_id AND last.time_of_day = :time AND last.source = cell.source
  )
ORDER BY cell_id
