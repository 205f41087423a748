"""A few kills of web, worker and PostgreSQL while clients work; the long run is `python -m bench.kill` (REL-1)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FEW = ["--seconds", "40", "--kills", "5", "--pause", "2", "--deals", "6", "--accounts", "600", "--senders", "2"]


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice():
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "-m", "bench.kill", *FEW, "--seed", "3"]
    done = subprocess.run(
        command, env={**kept, "PYTHONPATH": str(Path.cwd())}, capture_output=True, text=True, timeout=600
    )
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout[done.stdout.index("{") :])
    assert report["wrong"] == []
    assert report["kills in all"] == 5
    assert report["posts acknowledged"] > 0
