"""The doors: HTTP, live stream, command line, and the demo driver (an HTTP client only).

To import any of it says where the house stands: every process of ours knows all rooms.
"""

from gis.rooms.current import house_stands_in

house_stands_in("api.rooms")
