"""Cities, roads and plans as GeoDataFrames, for notebooks and scripts: no database, no server."""
