"""What this room says of itself: the layers of the basemap."""

from gis.rooms.model import Room
from maps.basemap import BASEMAP

ROOM = Room(name="maps", layers=BASEMAP)
