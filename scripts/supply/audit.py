"""Judge the lock files: everything pinned with its hash, licences we may ship, no version with a published weakness.

`scripts/check` runs it; `--record` keeps what the advisory service said in docs/security/dependency_audit.json. Exit code 1 when
something is wrong. Where the service cannot be reached the rest is judged all the same, and it is said so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import socket
import subprocess
import sys
from datetime import UTC, datetime

from scripts.supply.components import PYTHON, ROOT, Component, components, unpinned

RECORD = ROOT / "docs" / "security" / "dependency_audit.json"
SERVICE = ("api.osv.dev", 443)
REACHED_WITHIN = 3.0  # seconds
STALE_DAYS = 60
FREE = re.compile(
    r"MIT|BSD|Apache|ISC|MPL|Mozilla|PSF|Python Software|OFL|CC0|Zope|Unlicense|0BSD|LGPL|Lesser|BlueOak|Public Domain",
    re.IGNORECASE,
)
STRONG = re.compile(r"(?<![L])GPL(?!.*(Lesser|Library))|AGPL|SSPL|BUSL", re.IGNORECASE)
READ = {  # packages that name no licence where programs look; their files were read by us
    "component-props": "MIT",
    "quickjs-ng": "MIT",
    **dict.fromkeys(
        ("bpmn-js", "dmn-js", "@bpmn-io/form-js-editor", "@bpmn-io/form-js-viewer"),
        "MIT with a mark that stays visible",
    ),
    **dict.fromkeys(
        (
            "dmn-js-boxed-expression",
            "dmn-js-decision-table",
            "dmn-js-drd",
            "dmn-js-literal-expression",
            "dmn-js-shared",
        ),
        "MIT with a mark that stays visible",
    ),
}


def wrong_licences(listed: list[Component]) -> list[str]:
    """Components of the running product whose licence would bind what we ship, or is not known."""
    told = []
    for one in listed:
        if one.use != "runtime" or one.name in READ:
            continue
        if STRONG.search(one.licence):
            told.append(f"{one.purl}: {one.licence}")
        elif not FREE.search(one.licence):
            told.append(f"{one.purl}: no licence that is known ({one.licence or 'none named'})")
    return told


def reachable() -> bool:
    """Whether the advisory service answers from here."""
    try:
        socket.create_connection(SERVICE, timeout=REACHED_WITHIN).close()
    except OSError:
        return False
    return True


def weaknesses() -> list[str]:
    """What is published about the versions of the Python lock files. Asks the network."""
    told: list[str] = []
    for file in PYTHON:
        command = [
            sys.executable,
            "-m",
            "pip_audit",
            "--no-deps",
            "--disable-pip",
            "-s",
            "osv",
            "-f",
            "json",
            "-r",
            file,
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
        if done.returncode not in (0, 1) or not done.stdout:
            raise OSError(done.stderr.strip().splitlines()[-1] if done.stderr else "no answer")
        for package in json.loads(done.stdout)["dependencies"]:
            told += [f"{package['name']} {package['version']}: {one['id']}" for one in package.get("vulns", ())]
    return sorted(set(told))


def digest() -> str:
    """SHA-256 of what is locked: another version is another audit."""
    return hashlib.sha256("\n".join(one.purl for one in components()).encode()).hexdigest()


def recorded(now: datetime) -> str:
    """One sentence about the last audit by the advisory service."""
    kept = json.loads(RECORD.read_text("utf-8"))
    if not kept["audited_at"]:
        return "advisories: never asked for these versions (the service cannot be reached from here)"
    days = (now - datetime.fromisoformat(kept["audited_at"])).days
    if kept["locked"] != digest():
        return f"advisories: asked {days} days ago, for other versions"
    return (
        f"advisories: asked {days} days ago{', too long' if days > STALE_DAYS else ''}, {len(kept['weaknesses'])} found"
    )


def main() -> int:
    """Entry point; prints what is wrong, then one line about the advisories."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help="keep the answer of the advisory service")
    options = parser.parse_args()
    now = datetime.now(UTC)
    wrong = [*unpinned(), *wrong_licences(components())]
    told = recorded(now)
    try:
        found = weaknesses() if reachable() else None
    except (OSError, subprocess.TimeoutExpired):
        found = None
    if found is not None:
        wrong += found
        told = f"advisories: asked now, {len(found)} found"
        if options.record:
            kept = {"audited_at": now.isoformat(timespec="seconds"), "locked": digest(), "weaknesses": found}
            RECORD.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
    elif options.record:
        wrong.append("nothing recorded: the advisory service cannot be reached")
    print(*wrong, told, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
