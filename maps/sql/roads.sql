-- The most important classes first, should the cap be reached.
WITH tile AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 4326) AS box
), feature AS (
    SELECT regexp_replace(highway, '_link$', '') AS class, right(highway, 5) = '_link' AS link,
           name, name_zh, name_en, ref, oneway, is_bridge AS bridge, is_tunnel AS tunnel, layer,
           ST_AsMVTGeom(
               ST_SimplifyPreserveTopology(ST_Transform(geom, 3857), :tolerance_m),
               tile.mercator, 4096, 128, true
           ) AS shape
    FROM tile, road_segments
    WHERE city_id = :city_id AND geom && tile.box AND highway = ANY(:classes)
    ORDER BY array_position(:ranks, regexp_replace(highway, '_link$', '')), segment_id
    LIMIT :cap
)
SELECT ST_AsMVT(feature, 'roads', 4096, 'shape') FROM feature WHERE shape IS NOT NULL;
