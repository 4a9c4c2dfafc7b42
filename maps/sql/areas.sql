-- Each area thrice: its surface, its border (so that tile edges draw no line), its label point.
WITH tile AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 4326) AS box
), feature AS (
    SELECT 'polygon' AS part, level, code, name, name_zh, name_en, modelled,
           ST_AsMVTGeom(
               ST_SimplifyPreserveTopology(ST_Transform(geom, 3857), :tolerance_m),
               tile.mercator, 4096, 128, true
           ) AS shape
    FROM tile, areas
    WHERE city_id = :city_id AND geom && tile.box AND level = ANY(:levels) AND valid_to IS NULL
    UNION ALL
    SELECT 'border', level, code, name, name_zh, name_en, modelled,
           ST_AsMVTGeom(
               ST_SimplifyPreserveTopology(ST_Transform(ST_Boundary(geom), 3857), :tolerance_m),
               tile.mercator, 4096, 128, true
           ) AS shape
    FROM tile, areas
    WHERE city_id = :city_id AND geom && tile.box AND level = ANY(:levels) AND valid_to IS NULL
    UNION ALL
    SELECT 'label', level, code, name, name_zh, name_en, modelled,
           ST_AsMVTGeom(
               ST_Transform(ST_PointOnSurface(geom), 3857), tile.mercator, 4096, 0, true
           ) AS shape
    FROM tile, areas
    WHERE city_id = :city_id AND geom && tile.box AND level = ANY(:levels) AND valid_to IS NULL
)
SELECT ST_AsMVT(feature, 'areas', 4096, 'shape') FROM feature WHERE shape IS NOT NULL;
