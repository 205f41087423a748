"""`python -m bench.kill --seconds 1200`: kill web, worker and PostgreSQL at random while clients work, and check."""

import argparse
import datetime as dt
import json
import shutil
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[1] / "results"


def arguments() -> argparse.Namespace:
    """Parse the arguments."""
    parser = argparse.ArgumentParser(prog="bench.kill", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long the killing goes on")
    parser.add_argument("--pause", type=float, default=6, help="longest pause between two kills")
    parser.add_argument("--kills", type=int, default=10_000, help="end after so many kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deals", type=int, default=60)
    parser.add_argument("--accounts", type=int, default=1500)
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--keep", action="store_true", help="keep the data folder")
    parser.add_argument("--store", action="store_true", help="write the figures to bench/results")
    return parser.parse_args()


def main() -> int:
    """Prepare, kill, wait, check. The exit code is 1 if anything was lost or done twice."""
    asked = arguments()
    data = Path(tempfile.mkdtemp(prefix="kanal-kill-"))
    data.chmod(0o711)
    import os

    os.environ["KANAL_DATA"] = str(data)
    try:
        figures = run(asked, data)
    finally:
        if not asked.keep:
            shutil.rmtree(data, ignore_errors=True)
    print(json.dumps(figures, indent=1))
    if asked.store:
        store(figures)
    return 1 if figures["wrong"] else 0


def run(asked: argparse.Namespace, data: Path) -> dict[str, Any]:
    """Run the test in a data folder and return the figures."""
    from bench.kill import clients, killing, scene, verdict

    made = scene.prepare(data, asked.deals, asked.accounts)
    port = free_port()
    noted, stop = clients.Acknowledged(), threading.Event()
    kinds = [*[clients.Sender] * asked.senders, clients.Seller, clients.Seller, clients.Editor]
    with killing.running(data, port) as supervisor:
        killer = killing.Killer(data, supervisor, asked.seed)
        workers = [kind(port, made, noted, stop, asked.seed * 100 + place) for place, kind in enumerate(kinds)]
        for worker in workers:
            worker.start()
        began = time.monotonic()
        while time.monotonic() < began + asked.seconds and killer.killed.total() < asked.kills:
            killer.pause(asked.pause)
            killer.strike()
        killed_for = time.monotonic() - began
        stop.set()
        for worker in workers:
            worker.join()
        settled = verdict.settle(made.dsn)
        result = verdict.judge(made, noted)
    return {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "seed": asked.seed,
        "seconds of killing": round(killed_for), "kills": dict(killer.killed), "kills in all": killer.killed.total(),
        "clients": [kind.__name__ for kind in kinds], **result.numbers, "requests": noted.tries,
        "answers that were asked for again": noted.failures,
        "longest wait for an acknowledgement in seconds": round(noted.longest, 1),
        "seconds until nothing was left to do": settled, "wrong": result.wrong,
    }  # fmt: skip


def free_port() -> int:
    """Return a free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def store(figures: dict[str, Any]) -> None:
    """Write the figures as JSON and as a table."""
    (RESULTS / "kill.json").write_text(json.dumps(figures, indent=1) + "\n")
    rows = [f"| {name} | {value} |" for name, value in figures.items()]
    title = "# Killed at random: web, worker and PostgreSQL (REL-1)\n\n`python -m bench.kill --seconds … --store`\n\n"
    (RESULTS / "kill.md").write_text(title + "\n".join(["| what | figure |", "| --- | --- |", *rows]) + "\n")


if __name__ == "__main__":
    sys.exit(main())
