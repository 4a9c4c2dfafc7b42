"""The doors: HTTP, live stream, command line, and the demo driver (an HTTP client only).

To import any of it opens the house: every process of ours knows all rooms.
"""

from api.rooms import HOUSE

__all__ = ["HOUSE"]
