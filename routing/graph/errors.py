"""What can go wrong with graphs that are kept on disk."""

from gis.errors import UnavailableError


class GraphCacheInvalidError(UnavailableError):
    """A stored graph is missing, half-written or of another version; build it again."""

    code = "graph_cache_invalid"
