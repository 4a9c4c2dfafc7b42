-- Rows are judged by the box first, so that what cannot be seen is not transformed.
WITH tile AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 4326) AS box
), feature AS (
    SELECT $fields,
           ST_AsMVTGeom(
               ST_SimplifyPreserveTopology(ST_Transform(geom, 3857), :tolerance_m),
               tile.mercator, 4096, 128, true
           ) AS shape
    FROM tile, ($rows) AS rows
    WHERE geom && tile.box
    LIMIT :cap
)
SELECT ST_AsMVT(feature, '$layer', 4096, 'shape') FROM feature WHERE shape IS NOT NULL;
