"""The pages' scripts under the TypeScript compiler: it reads their JSDoc and emits nothing.

`python -m tests.typescript` checks, `--install` only brings the compiler that `package-lock.json`
pins; `./run setup` and `./run test` do that.
"""

import shutil
import subprocess
import sys

from maps.assets import PROJECT_FOLDER
from maps.errors import AssetsInstallError
from maps.npm import node_command, npm_ci

MODULES = PROJECT_FOLDER / "node_modules"
COMPILER = MODULES / "typescript" / "bin" / "tsc"
_LOCK = PROJECT_FOLDER / "package-lock.json"
_INSTALLED = MODULES / "installed-package-lock.json"


def install() -> None:
    """Bring the pinned compiler and the types of the map library, unless they are there."""
    if (
        COMPILER.is_file()
        and _INSTALLED.is_file()
        and _INSTALLED.read_bytes() == _LOCK.read_bytes()
    ):
        return
    npm_ci(PROJECT_FOLDER, development=True)
    shutil.copyfile(_LOCK, _INSTALLED)


def check() -> int:
    """Print what the compiler finds and return its exit code."""
    command = [*node_command(), str(COMPILER), "--project", str(PROJECT_FOLDER)]
    return subprocess.run(command, check=False).returncode


def main(arguments: list[str]) -> int:
    """Install, then check unless told only to install; return the exit code."""
    try:
        install()
    except AssetsInstallError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0 if "--install" in arguments else check()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
