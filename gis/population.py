"""Which of a city's counts of people by cell is used, wherever one is."""

LAST_COUNT_SQL = """
chosen AS MATERIALIZED (
    -- The last count; of several sources, one that was counted before one that was modelled.
    SELECT source, counted_on
    FROM population_cells
    WHERE city_id = :city_id AND time_of_day = :time_of_day
    GROUP BY source, counted_on
    ORDER BY counted_on DESC NULLS LAST, bool_or(modelled), count(*) DESC, source
    LIMIT 1
)
"""
"""A `WITH` query of one row: source and day of the count of a city at a time of day."""

POPULATION_STAMP_SQL = """
SELECT concat(count(*), ':', max(xmin::text::bigint)) FROM population_cells
WHERE city_id = :city_id AND time_of_day = :time_of_day
"""
"""Another with every insert, update and deletion: `xmin` names who wrote a row last."""
