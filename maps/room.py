"""What this room says of itself: its layers, the report on resources, the first page."""

from gis.permissions import LAYERS_READ, RESOURCE_READ
from gis.rooms.model import Page, Report, Room
from gis.words import Words, alike
from maps.catalogue.basemap import BASEMAP
from maps.catalogue.people import PEOPLE
from maps.catalogue.resources import RESOURCES
from maps.reports.jobs import JOBS, TIMERS
from planning.permissions import ACCESS_READ

ON_RESOURCES = Report(
    name="resources",
    words=Words(en="Emergency resources", zh="急救资源报告"),
    says=Words(
        en="Stations, hospitals, ambulances and AEDs, per person and by district",
        zh="急救站、医院、救护车与AED的数量、人均水平及各区比较",
    ),
    permission=RESOURCE_READ,
    build="maps.resources.report:build",
    order=0,
)
ROOM = Room(
    name="maps",
    layers=(*BASEMAP, *RESOURCES, *PEOPLE),
    reports=(ON_RESOURCES,),
    jobs=JOBS,
    timers=TIMERS,
    pages=(
        Page(
            "/", Words(en="Home", zh="首页"), "home/main.js",
            Words(en="What this is, and your pages.", zh="系统简介与您的页面。"),
            permission=None, order=0, styles=("home.css",),
        ),
        Page(
            "/login", Words(en="Sign in", zh="登录"), "login/main.js",
            Words(en="For dispatchers and other staff.", zh="供调度员及其他工作人员登录。"),
            permission=None, order=None, styles=("plain.css",), markup="login.html",
        ),
        Page(
            "/layers", Words(en="Map layers", zh="图层地图"), "layers/main.js",
            Words(
                en="People, hospitals and AEDs on the map; minutes by road before and after a "
                "closure.",
                zh="人口、医院与AED图层；封路前后的道路行程时间。",
            ),
            permission=(LAYERS_READ, ACCESS_READ), order=20,
            styles=("map.css", "layers.css"),
        ),
        Page(
            "/reports", Words(en="Reports", zh="报告"), "reports/main.js",
            Words(
                en="Reports on the city, to print, to work on, and to take along.",
                zh="城市报告：可打印、编辑和带走。",
            ),
            permission=(RESOURCE_READ,), order=300, styles=("reports.css",),
        ),
        Page(
            "/aed", alike("AED"), "aed/main.js",
            Words(
                en="CPR steps and the nearest defibrillator that is open now.",
                zh="心肺复苏步骤，和现在开放的最近除颤器。",
            ),
            permission=None, order=900, styles=("base.css", "aed.css"),
            markup="aed.html", spoken=True,
        ),
    ),
)  # fmt: skip
