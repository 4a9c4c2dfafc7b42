"""Build hook of the wheel: without the map library's files there is no wheel to publish."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class VendorHook(BuildHookInterface):  # type: ignore[type-arg]
    """Refuses to build while a file pinned in maps/web/vendor.toml is missing or another."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Check every pinned file; an editable install may fetch them later."""
        if version == "editable":
            return
        web = Path(self.root) / "maps" / "web"
        for package, entry in tomllib.loads((web / "vendor.toml").read_text("utf-8")).items():
            folder = web / "static" / "vendor" / f"{package}-{entry['version']}"
            for source, sha256 in entry["files"].items():
                path = folder / Path(source).name
                if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
                    msg = (
                        f"{path.name} of {package} is missing or is not the pinned file. Run "
                        "./run assets, then build the wheel again."
                    )
                    raise FileNotFoundError(msg)
