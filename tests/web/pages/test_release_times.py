"""定时发布 on pages: who deploys sets the time and calls it off; everybody who reads releases sees it."""

from __future__ import annotations

import pytest
from flask import Flask

from service.casework import Office
from service.casework.measures.releases import release_list
from tests.casework.measures.city import who
from tests.casework.measures.test_releases import submitted
from tests.web.pages.conftest import Visitor, text


@pytest.fixture
def site(demo_office: Office) -> Flask:
    from service.web.app import create_app

    submitted(demo_office)
    return create_app(demo_office)


def test_the_time_is_set_seen_and_called_off(site: Flask, demo_office: Office) -> None:
    [line] = release_list(demo_office, who(demo_office, "tianyue"))
    path, keeper = f"/releases/{line.row.id}", Visitor(site).sign_in("guotao")
    assert "到这个时间自动部署" in text(keeper.get(path))
    for wrong in ("soon", "2026-03-01T08:00", "2031-01-01T08:00"):
        answer = keeper.post(f"{path}/schedule", {"effective_at": wrong})
        assert answer.status_code == 422 and "一年以内" in text(answer)
    assert keeper.post(f"{path}/schedule", {"effective_at": "2026-03-20T18:00"}).status_code == 302
    assert "2026-03-20 18:00" in text(keeper.get(path))
    checker = Visitor(site).sign_in("tianyue")
    assert "定于 2026-03-20 18:00 生效" in text(checker.get("/releases"))
    [process] = [f"/processes/{change['key']}" for change in line.row.changes]
    ahead = checker.get(process)
    assert "定于 2026-03-20 18:00 生效" in text(ahead) and f'href="{path}"' in ahead.get_data(as_text=True)
    assert "到这个时间自动部署" not in text(checker.get(path))
    assert checker.post(f"{path}/schedule", {"effective_at": ""}).status_code == 403
    assert keeper.post(f"{path}/call-off", {"reason": ""}).status_code == 422
    assert keeper.post(f"{path}/call-off", {"reason": "节后再发布"}).status_code == 302
    assert "已取消" in text(keeper.get(path))
    assert "定于" not in text(checker.get(process))
