WITH tile AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 4326) AS box
), feature AS (
    SELECT facility_id, kind, has_emergency_department AS emergency, name, name_zh, name_en,
           modelled,
           ST_AsMVTGeom(ST_Transform(geom, 3857), tile.mercator, 4096, 128, true) AS shape
    FROM tile, facilities
    WHERE city_id = :city_id AND geom && tile.box AND kind = ANY(:kinds)
    ORDER BY array_position(:kinds, kind), has_emergency_department DESC NULLS LAST, facility_id
    LIMIT :cap
)
SELECT ST_AsMVT(feature, 'facilities', 4096, 'shape') FROM feature WHERE shape IS NOT NULL;
