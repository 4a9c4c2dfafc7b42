-- Surfaces, and one label point each: a label per tile would repeat the sea's name everywhere.
WITH tile AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 4326) AS box
), feature AS (
    SELECT 'polygon' AS part, name, modelled,
           ST_AsMVTGeom(
               ST_SimplifyPreserveTopology(ST_Transform(geom, 3857), :tolerance_m),
               tile.mercator, 4096, 128, true
           ) AS shape
    FROM tile, water_bodies
    WHERE city_id = :city_id AND geom && tile.box
    UNION ALL
    SELECT 'label', name, modelled,
           ST_AsMVTGeom(
               ST_Transform(ST_PointOnSurface(geom), 3857), tile.mercator, 4096, 0, true
           ) AS shape
    FROM tile, water_bodies
    WHERE city_id = :city_id AND geom && tile.box AND name IS NOT NULL
    LIMIT :cap
)
SELECT ST_AsMVT(feature, 'water', 4096, 'shape') FROM feature WHERE shape IS NOT NULL;
