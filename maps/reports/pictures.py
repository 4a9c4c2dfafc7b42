"""Charts and maps of a document in one language, as SVG, drawn once for all its files."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gis.documents import Document
from gis.words import Language
from maps.charts import drawing
from maps.charts.spec import vega_lite
from maps.reports import plan
from maps.reports.ground import Ground
from maps.reports.wording import in_latin


@dataclass(frozen=True, slots=True)
class Pictures:
    """SVG by the name of a chart or map; `latin`: without Chinese letters."""

    language: Language
    charts: Mapping[str, str]
    maps: Mapping[str, str]
    latin: bool = False

    def in_latin(self) -> "Pictures":
        """Return them with Chinese names spelled in pinyin."""
        return replace(
            self, latin=True,
            charts={name: in_latin(one) for name, one in self.charts.items()},
            maps={name: in_latin(one) for name, one in self.maps.items()},
        )  # fmt: skip


def draw(document: Document, grounds: Mapping[str, Ground], language: Language) -> Pictures:
    """Return every picture of a document."""
    return Pictures(
        language=language,
        charts={
            chart.name: drawing.svg(
                vega_lite(chart, language=language, provenance=document.provenance)
            )
            for chart in document.charts
        },
        maps={
            figure.name: plan.svg(
                figure, grounds[figure.name], language=language, provenance=document.provenance,
                attribution=document.attribution,
            )
            for figure in document.maps
        },
    )  # fmt: skip
