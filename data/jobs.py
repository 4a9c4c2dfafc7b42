"""The jobs of cities and registers; they are done in `api`, where roads and units join in."""

from gis.jobs.model import Job, Queue
from gis.permissions import USER_ADMIN
from gis.words import Words

LOAD_CITY = Job(
    name="city.load",
    queue=Queue.HEAVY,
    label=Words(en="Load a city", zh="加载城市"),
    run="api.operations.city_work:load_city",
    permission=USER_ADMIN,
)
IMPORT_REGISTER = Job(
    name="city.import",
    queue=Queue.COMMAND,
    label=Words(en="Import a register", zh="导入登记册"),
    run=None,
    permission=USER_ADMIN,
)
JOBS = (LOAD_CITY, IMPORT_REGISTER)
