"""Growth over hours, and none."""

import json

from app.cli import main
from core.eval.bench.endurance import windows


def test_endurance_tells_growth_from_none(threads, capsys):
    assert main(["bench", "--quick", "--endure", "40"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])["figures"]
    assert figures["endure_kv_growth"]["value"] == 0.0
    assert figures["full_kv_growth"]["value"] > 0.5


def test_minutes_2_to_12_stand_against_the_last_ten():
    assert windows(12_000) == (slice(120, 720), slice(11_400, 12_000))
    assert windows(8) == (slice(2, 4), slice(6, 8))
