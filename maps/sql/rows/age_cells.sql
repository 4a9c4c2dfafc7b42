-- A band counts when it begins at 65 or later; a cell without bands, or without people, is left out.
-- Of each source the cells of its last count, which is looked up once, whatever the plan.
WITH last AS MATERIALIZED (
    SELECT source, max(counted_on) AS counted_on FROM population_cells
    WHERE city_id = :city_id AND time_of_day = :time
    GROUP BY source
)
SELECT cell.source_ref AS cell, old.persons AS people_65,
       round((100 * old.persons / old.total)::numeric, 1)::float8 AS share_65,
       cell.counted_on::text AS counted_on, cell.modelled, cell.geom
FROM population_cells AS cell
JOIN last ON last.source = cell.source AND last.counted_on IS NOT DISTINCT FROM cell.counted_on,
LATERAL (
    SELECT sum(value::float8) FILTER (WHERE split_part(rtrim(key, '+'), '-', 1)::int >= 65)
               AS persons,
           sum(value::float8) AS total
    FROM jsonb_each_text(cell.age_bands)
) AS old
WHERE cell.city_id = :city_id AND cell.time_of_day = :time AND old.total > 0
ORDER BY cell.cell_id
