-- Pieces of one class are joined: names and one-ways are not drawn this far out.
WITH tile AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 4326) AS box
), feature AS (
    SELECT class, link, 0 AS oneway, bridge, tunnel, 0 AS layer,
           ST_AsMVTGeom(
               ST_SimplifyPreserveTopology(ST_Transform(geom, 3857), :tolerance_m),
               tile.mercator, 4096, 128, true
           ) AS shape
    FROM tile, (
        SELECT regexp_replace(highway, '_link$', '') AS class,
               right(highway, 5) = '_link' AS link,
               is_bridge AS bridge, is_tunnel AS tunnel,
               ST_LineMerge(ST_Collect(geom)) AS geom
        FROM tile, road_segments
        WHERE city_id = :city_id AND geom && tile.box AND highway = ANY(:classes)
        GROUP BY 1, 2, 3, 4
    ) AS joined
    ORDER BY array_position(:ranks, class)
)
SELECT ST_AsMVT(feature, 'roads', 4096, 'shape') FROM feature WHERE shape IS NOT NULL;
