-- Of each source the cells of its last count, which is looked up once, whatever the plan.
WITH last AS MATERIALIZED (
    SELECT source, max(counted_on) AS counted_on FROM population_cells
    WHERE city_id = :city_id AND time_of_day = :time
    GROUP BY source
)
SELECT cell.source_ref AS cell, cell.population,
       round((cell.population / nullif(ST_Area(cell.geom::geography) / 1e6, 0))::numeric, 1)::float8
           AS density,
       cell.counted_on::text AS counted_on, cell.modelled, cell.geom
FROM population_cells AS cell
JOIN last ON last.source = cell.source AND last.counted_on IS NOT DISTINCT FROM cell.counted_on
WHERE cell.city_id = :city_id AND cell.time_of_day = :time
ORDER BY cell.cell_id
