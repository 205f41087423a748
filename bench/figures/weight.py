"""PERF-13 and PERF-14: the memory of the web processes under load, and the page weight in a browser."""

import contextlib
import re
import time
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bench.figures.lists import address
from bench.http_client import Client
from bench.results import Result, counted
from bench.run import Run, viewers
from bench.server import children_of

ASSET = re.compile(r"""<(?:script|link|img)\b[^>]*?\b(?:src|href)=["']([^"']+)["'][^>]*>""")
INSIDE = re.compile(r"""url\(["']?([^"')]+)["']?\)""")


def proportional(pid: int) -> float:
    """Return a process's proportional set size in MB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def web_processes(server: int) -> list[int]:
    """Return the server's two largest processes, which handle requests."""
    return sorted(children_of(server), key=proportional, reverse=True)[:2]


def memory(run: Run) -> list[Result]:
    """Request pages of all kinds for some minutes, and compare memory in the middle and at the end."""
    clients = [run.client(user) for user in viewers().values()]
    paths = [address(), "/crm/leads/data/", "/crm/opportunities/kanban/", "/search?q=nord", "/crm/opportunities/1/",
             "/crm/accounts/data/?q=berg"]  # fmt: skip
    end, half, at_half = time.monotonic() + run.minutes * 60, time.monotonic() + run.minutes * 30, 0.0
    asked = 0
    while time.monotonic() < end:
        for client in clients:
            with contextlib.suppress(RuntimeError):
                client.ask(paths[asked % len(paths)])
            asked += 1
        if not at_half and time.monotonic() > half:
            at_half = max(map(proportional, web_processes(run.server)))
    largest = max(map(proportional, web_processes(run.server)))
    what = f"after {run.minutes:g} minutes and {asked:,} pages"
    return [
        counted("PERF-13", f"a web process {what}", round(largest), 200, "MB"),
        counted("PERF-13", "growth in the second half", round(largest - at_half, 1), 5, "MB"),
    ]


def assets_of(html: str, page: str) -> set[str]:
    """Return the assets that a browser loads with a page: scripts, styles, fonts and images."""
    assets = set()
    for match in ASSET.finditer(html):
        tag = match.group(0)
        if tag.startswith("<link") and not re.search(r'rel="(?:stylesheet|icon|preload|modulepreload)"', tag):
            continue
        if not match.group(1).startswith("data:"):
            assets.add(urljoin(page, match.group(1)))
    return assets


def page_weight(run: Run) -> list[Result]:
    """Measure the transferred size of the first page and the following ones."""
    user, results = viewers()["director"], []
    client: Client = run.client(user)
    pages = {"list": address(), "record": "/crm/opportunities/1/", "board": "/crm/opportunities/kanban/", "home": "/"}
    for name, path in pages.items():
        answer = client.ask(path)
        assets = assets_of(answer.text, run.base + path)
        hosts = {urlsplit(asset).netloc for asset in assets} - {urlsplit(run.base).netloc}
        sizes = {
            asset: len(client.ask(urlsplit(asset).path).raw) for asset in assets if urlsplit(asset).netloc not in hosts
        }
        total = (len(answer.raw) + sum(sizes.values())) / 1024
        results += [
            counted("PERF-14", f"{name}, first load of {len(sizes) + 1} files", round(total, 1), 250, "KB"),
            counted("PERF-14", f"{name}, afterwards", round(len(answer.raw) / 1024, 1), 40, "KB"),
            counted("PERF-14", f"{name}, other hosts", len(hosts), 0, "hosts"),
        ]
    return results
