"""What a report can be made as."""

from enum import StrEnum


class Format(StrEnum):
    """A file of a report, by the ending of its name or, for the map, by what makes it."""

    PDF = "pdf"
    HTML = "html"
    DOCX = "docx"
    XLSX = "xlsx"
    FOLIUM = "folium"
    CHARTS = "charts"
    """Its charts as Vega-Lite, for a page that draws them."""


MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.HTML: "text/html; charset=utf-8",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.FOLIUM: "text/html; charset=utf-8",
    Format.CHARTS: "application/json",
}


def file_name(
    report: str, city: str, language: str, made_as: Format, *, period: str | None = None
) -> str:
    """Return the name of a report's file; the map that answers is a page beside the page."""
    stem = "-".join([report, *([period] if period else []), city, language])
    endings = {Format.FOLIUM: "-map.html", Format.CHARTS: "-charts.json"}
    return stem + endings.get(made_as, f".{made_as}")
