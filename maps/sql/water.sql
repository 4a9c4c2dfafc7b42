WITH tile AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 4326) AS box
), feature AS (
    SELECT name, modelled,
           ST_AsMVTGeom(
               ST_SimplifyPreserveTopology(ST_Transform(geom, 3857), :tolerance_m),
               tile.mercator, 4096, 128, true
           ) AS shape
    FROM tile, water_bodies
    WHERE city_id = :city_id AND geom && tile.box
    LIMIT :cap
)
SELECT ST_AsMVT(feature, 'water', 4096, 'shape') FROM feature WHERE shape IS NOT NULL;
