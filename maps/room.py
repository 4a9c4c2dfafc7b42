"""What this room says of itself: its layers."""

from gis.rooms.model import Room
from maps.catalogue.basemap import BASEMAP
from maps.catalogue.people import PEOPLE
from maps.catalogue.resources import RESOURCES

ROOM = Room(name="maps", layers=(*BASEMAP, *RESOURCES, *PEOPLE))
