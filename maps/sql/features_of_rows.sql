SELECT $fields, ST_AsBinary(geom) AS geom FROM ($rows) AS rows
WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
LIMIT :cap;
