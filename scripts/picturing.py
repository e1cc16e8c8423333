"""Pictures of the manuals: pages of a demonstration as its cast sees them, small WebP files."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from service.casework import arm_jobs, find_actor, start_case
from service.casework.staff.role_requests import ask_roles
from service.casework.workbench import inbox
from tests.journeys.hands import person
from tests.journeys.serving import Installation, Serving

FOLDER = Path(__file__).resolve().parents[1] / "service" / "web" / "static" / "manuals"
WIDTH, HEIGHT, SHOWN = 1180, 640, 900
PICTURES = {  # picture → who, where
    "inbox": ("wangfang", "/inbox"),
    "intake": ("wangfang", "/cases/new"),
    "task": ("wangfang", "{task}"),
    "duty": ("zhangwei", "/duty"),
    "supervision": ("sunli", "/supervision"),
    "issuing": ("wuqian", "/issuing"),
    "departments": ("tianyue", "/admin/departments"),
    "process": ("hejing", "/processes/linear"),
    "system": ("guotao", "/admin/system"),
    "agenda": ("guotao", "/admin/agenda?view=all"),
    "account": ("machao", "/admin/people/zhangwei"),
    "roles": ("linlan", "/admin/roles"),
    "audit": ("linlan", "/admin/audit"),
    "archive": ("qinlan", "/archive"),
    "bills": ("caiwu", "/bills"),
    "items": ("lizhao", "/items"),
    "progress": ("lizhao", "/progress"),
}


def prepare(installation: Installation) -> dict[str, str]:
    """Something to see on the pages."""
    office = installation.office
    clerk, asker = find_actor(office, "wangfang"), find_actor(office, "tianyue")
    assert clerk is not None and asker is not None
    for number, name in enumerate(("云溪华印制罐有限公司", "云溪科创园", "云溪示范幼儿园", "云溪水务"), 1):
        start_case(
            office,
            clerk,
            key="linear",
            business_key=f"YS-2026-{number:04}",
            variables={"title": "补办登记", "quantity": 2},
            title=f"{name}-四步登记",
        )
    arm_jobs(office)
    ask_roles(office, asker, "zhangwei", ["reviewer_a", "inspector"], "增加现场勘查")
    return {"task": f"/tasks/{inbox(office, clerk).items[0].row.id}"}


def main() -> None:
    """Serve, visit, photograph."""
    chromium = sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        serving = Serving(Path(folder))
        try:
            with sync_playwright() as player:
                browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                _photograph(browser, serving.installation)
                browser.close()
        finally:
            serving.stop()


def _photograph(browser: Browser, installation: Installation) -> None:
    places = prepare(installation)
    for name, (username, path) in PICTURES.items():
        with person(browser, installation.address, username, width=WIDTH) as hands:
            hands.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            hands.open("/inbox")
            hide = hands.page.get_by_role("button", name="知道了，不再显示")
            if hide.count():
                hide.click()
            hands.open(path.format(**places))
            hands.page.wait_for_timeout(600)
            picture = Image.open(io.BytesIO(hands.page.screenshot()))
        small = picture.convert("RGB").resize((SHOWN, SHOWN * HEIGHT // WIDTH), Image.Resampling.LANCZOS)
        small.save(FOLDER / f"{name}.webp", quality=72, method=6)
        print(name, (FOLDER / f"{name}.webp").stat().st_size)


if __name__ == "__main__":
    main()
