-- Cells that one source counted by day and by night, each in its last count.
WITH last AS MATERIALIZED (
    SELECT source, time_of_day, max(counted_on) AS counted_on FROM population_cells
    WHERE city_id = :city_id AND time_of_day IN ('day', 'night')
    GROUP BY source, time_of_day
), counted AS MATERIALIZED (
    SELECT cell.* FROM population_cells AS cell
    JOIN last ON last.source = cell.source AND last.time_of_day = cell.time_of_day
        AND last.counted_on IS NOT DISTINCT FROM cell.counted_on
    WHERE cell.city_id = :city_id
)
SELECT day.source_ref AS cell, day.population AS by_day, night.population AS by_night,
       round((100 * day.population / (day.population + night.population))::numeric, 1)::float8
           AS share_by_day,
       day.counted_on::text AS counted_on, day.modelled OR night.modelled AS modelled, day.geom
FROM counted AS day
JOIN counted AS night ON night.source = day.source AND night.source_ref = day.source_ref
    AND night.time_of_day = 'night'
WHERE day.time_of_day = 'day' AND day.population + night.population > 0
ORDER BY day.cell_id
