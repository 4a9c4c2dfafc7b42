WITH tile AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 4326) AS box
), feature AS (
    SELECT aed_id, access, name, name_zh, modelled,
           ST_AsMVTGeom(ST_Transform(geom, 3857), tile.mercator, 4096, 128, true) AS shape
    FROM tile, aeds
    WHERE city_id = :city_id AND geom && tile.box
    ORDER BY aed_id
    LIMIT :cap
)
SELECT ST_AsMVT(feature, 'aeds', 4096, 'shape') FROM feature WHERE shape IS NOT NULL;
