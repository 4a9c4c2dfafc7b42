WITH tile AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 4326) AS box
), feature AS (
    SELECT station_id, kind, name, name_zh, name_en, modelled,
           ST_AsMVTGeom(ST_Transform(geom, 3857), tile.mercator, 4096, 128, true) AS shape
    FROM tile, stations
    WHERE city_id = :city_id AND geom && tile.box
    ORDER BY station_id
    LIMIT :cap
)
SELECT ST_AsMVT(feature, 'stations', 4096, 'shape') FROM feature WHERE shape IS NOT NULL;
