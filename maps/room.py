"""What this room says of itself: its layers, the report on resources."""

from gis.permissions import RESOURCE_READ
from gis.rooms.model import Report, Room
from gis.words import Words
from maps.catalogue.basemap import BASEMAP
from maps.catalogue.people import PEOPLE
from maps.catalogue.resources import RESOURCES

ON_RESOURCES = Report(
    name="resources",
    words=Words(en="Emergency resources", zh="急救资源报告"),
    says=Words(
        en="Stations, hospitals, ambulances and AEDs, per person and by district",
        zh="急救站、医院、救护车与AED的数量、人均水平及各区比较",
    ),
    permission=RESOURCE_READ,
    build="maps.resources.report:build",
)
ROOM = Room(name="maps", layers=(*BASEMAP, *RESOURCES, *PEOPLE), reports=(ON_RESOURCES,))
