"""Roads from the command line."""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.api.cli.said import Run, done
from tests.api.conftest import World


@pytest.mark.acceptance
def test_speeds_are_learned_and_arrival_times_judged(
    goldenhour: Run, world: World, tmp_path: Path
) -> None:
    assert "0 trips" in done(goldenhour("roads", "learn", "grid", "--dry-run"))
    told = done(goldenhour("roads", "learn", "grid", "--from", "2026-01-01", "--to", "2026-01-02"))
    assert "nothing new to store" in told
    file = tmp_path / "report.json"
    period = ("--from", "2026-01-01", "--to", "2026-01-31T08:30:00")
    told = done(goldenhour("roads", "calibration", "grid", *period, "--json", file))
    assert "派车 0，计入 0。\n0 assignments, 0 compared." in told
    # A day typed is the city's day, wherever the workstation stands.
    assert "2026-01-01 00:00 - 2026-01-31 08:30 (Asia/Shanghai)" in told
    report = json.loads(file.read_text("utf-8"))
    assert report["city_id"] == world.city_id
    shanghai = timezone(timedelta(hours=8))
    assert datetime.fromisoformat(report["from_at"]) == datetime(2026, 1, 1, tzinfo=shanghai)
    done(goldenhour("roads", "calibration", "grid"))
