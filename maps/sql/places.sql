-- Labels only; 300 of a tile are more than can be read.
WITH tile AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 4326) AS box
), feature AS (
    SELECT kind, name, name_zh, name_en, modelled,
           ST_AsMVTGeom(ST_Transform(geom, 3857), tile.mercator, 4096, 128, true) AS shape
    FROM tile, places
    WHERE city_id = :city_id AND geom && tile.box AND kind = ANY(:kinds)
    ORDER BY array_position(:kinds, kind), radius_m DESC, place_id
    LIMIT 300
)
SELECT ST_AsMVT(feature, 'places', 4096, 'shape') FROM feature WHERE shape IS NOT NULL;
