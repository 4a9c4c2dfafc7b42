"""What can go wrong with tiles, styles and the files of the web pages."""

from collections.abc import Collection
from pathlib import Path

from gis.errors import GoldenHourError, InvalidInputError, NotFoundError, UnavailableError


class LayerNotFoundError(NotFoundError):
    """No layer of that name stands in the catalogue."""

    code = "layer_not_found"

    def __init__(self, layer: str, known: tuple[str, ...]) -> None:
        self.layer = layer
        super().__init__(
            f"There is no map layer “{layer}”. The layers are: {', '.join(known)}."
        )  # fmt: skip


class TileOutOfRangeError(InvalidInputError):
    """The tile numbers name no tile of the Web Mercator pyramid."""

    code = "tile_out_of_range"

    def __init__(self, z: int, x: int, y: int, max_zoom: int) -> None:
        super().__init__(
            f"There is no tile {z}/{x}/{y}: z goes from 0 to {max_zoom}, x and y from 0 to 2^z − 1."
        )


class LayerTimeInvalidError(InvalidInputError):
    """A layer was asked for at a time that it does not have."""

    code = "layer_time_invalid"

    def __init__(self, layer: str, what: str) -> None:
        super().__init__(f"The layer {layer} {what}.")


class ExportRefusedError(InvalidInputError):
    """A layer's features do not leave the house in this format, or not at all."""

    code = "layer_export_refused"

    def __init__(self, layer: str, formats: Collection[str]) -> None:
        offered = ", ".join(formats)
        super().__init__(
            f"The layer {layer} is exported as {offered}." if formats
            else f"The layer {layer} is not exported."
        )  # fmt: skip


class ExportTooLargeError(InvalidInputError):
    """An export would hold more rows than one may."""

    code = "layer_export_too_large"

    def __init__(self, layer: str, most: int) -> None:
        super().__init__(
            f"The layer {layer} has more than {most:,} features there, the most that one export "
            "holds; ask for a part of the city with bbox=west,south,east,north."
        )


class BoxInvalidError(InvalidInputError):
    """A box is not west, south, east and north in degrees."""

    code = "box_invalid"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"“{text}” is no box; give bbox=west,south,east,north in WGS-84 degrees, such as "
            "bbox=113.8,22.4,114.6,22.9."
        )


class UnknownThemeError(InvalidInputError):
    """A map style was asked for in a theme that is not drawn."""

    code = "unknown_theme"

    def __init__(self, theme: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no map theme “{theme}”; ask for one of: {', '.join(known)}.")


class UnknownLanguageError(InvalidInputError):
    """A map style was asked for in a language the map does not speak."""

    code = "unknown_language"

    def __init__(self, language: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"The map does not speak “{language}”; ask for one of: {', '.join(known)}."
        )  # fmt: skip


class AssetsMissingError(UnavailableError):
    """A third-party file of the pages is missing or is not the file that was pinned."""

    code = "assets_missing"

    def __init__(self, path: Path, problem: str) -> None:
        self.path = path
        super().__init__(
            f"The web pages need {path.name}, which is {problem}. "
            "Bring the map library with: ./run assets"
        )


class AssetsInstallError(GoldenHourError):
    """The third-party files could not be brought; nothing was changed."""

    code = "assets_install_failed"
