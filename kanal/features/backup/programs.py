"""PostgreSQL's dump and restore programs: find them, select by version, and run them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from psycopg.conninfo import make_conninfo

from kanal.kit.errors import Refused

SECURED = {"require", "verify-ca", "verify-full"}
KEPT = ("PATH", "HOME", "LANG", "TZ")
HARMLESS = re.compile(r'unrecognized configuration parameter "(transaction_timeout|idle_session_timeout)"')


def connection_parameters() -> dict[str, Any]:
    """Return the connection parameters: a string without the password, and the environment that contains it."""
    stored = connection.settings_dict
    options = {key: value for key, value in stored["OPTIONS"].items() if isinstance(value, str)}
    known = {"dbname": stored["NAME"], "user": stored["USER"], "host": stored["HOST"], "port": stored["PORT"]}
    parts = {key: str(value) for key, value in known.items() if value}
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    kept |= {name: value for name, value in os.environ.items() if name.startswith("PG")}
    secret = {"PGPASSWORD": stored["PASSWORD"]} if stored["PASSWORD"] else {}
    return {"dsn": make_conninfo(**options, **parts), "environment": {**kept, **secret, "LC_ALL": "C"}}


def dsn() -> str:
    """Return the connection string with the password."""
    secret = connection.settings_dict["PASSWORD"]
    return make_conninfo(connection_parameters()["dsn"], **({"password": secret} if secret else {}))


@cache
def version_of(program: str) -> int:
    """Return the major version of a program."""
    process = subprocess.run([program, "--version"], capture_output=True, text=True)
    match = re.search(r"(\d+)[.\d]*", process.stdout)
    return int(match[1]) if match and process.returncode == 0 else 0


def found(name: str, at_least: int) -> str:
    """Return the path of a program of at least a version. Raise Refused if there is none.

    Prefers the embedded server's programs. They can't encrypt, so connections that require TLS use the system's.
    """
    own = Path(settings.POSTGRES_PROGRAMS) / name if settings.POSTGRES_PROGRAMS else None
    candidates = [str(own) if own and own.exists() else None, shutil.which(name)]
    if connection.settings_dict["OPTIONS"].get("sslmode") in SECURED:
        candidates.pop(0)
    for program in candidates:
        if program and version_of(program) >= at_least:
            return program
    wanted = {"name": name, "version": at_least}
    raise Refused(_("%(name)s of PostgreSQL %(version)s or newer is needed: install postgresql-client.") % wanted)


@contextmanager
def dumping(program: str, snapshot: str, leave_out: list[str]) -> Iterator[IO[bytes]]:
    """Return the stream of a dump of one snapshot. Raise Refused with the program's error output if it fails."""
    to = connection_parameters()
    command = [program, "--format=custom", "--compress=gzip:3", f"--snapshot={snapshot}", "--no-owner", "--no-acl"]
    command += ["--no-comments", "--no-toast-compression", "--no-password", "--lock-wait-timeout=60000"]
    command += [f"--exclude-table-data=public.{table}" for table in leave_out]
    with TemporaryFile() as error_file:
        process = subprocess.Popen(
            [*command, f"--dbname={to['dsn']}"], env=to["environment"], stdout=subprocess.PIPE, stderr=error_file
        )
        try:
            assert process.stdout is not None
            yield process.stdout
        except BaseException:
            process.kill()
            raise
        finally:
            process.wait()
        if process.returncode:
            error_file.seek(0)
            raise failed(program, error_file.read().decode(errors="replace"))


def load_dump(program: str, dump: Path, jobs: int) -> None:
    """Restore a dump into the empty database. Raise Refused with the program's error output on any error."""
    to = connection_parameters()
    command = [program, "--no-owner", "--no-acl", "--no-comments", "--no-password", f"--jobs={jobs}"]
    done = subprocess.run(
        [*command, f"--dbname={to['dsn']}", str(dump)], env=to["environment"], capture_output=True, text=True
    )
    wrong = [line for line in done.stderr.splitlines() if "error:" in line and not HARMLESS.search(line)]
    if wrong or (done.returncode and not HARMLESS.search(done.stderr)):
        raise failed(program, "\n".join(wrong) or done.stderr)


def failed(program: str, error_output: str) -> Refused:
    """Return the error for a failed program."""
    lines = error_output.strip().splitlines() or [_("no error message")]
    reason = next((line for line in lines if "error" in line), lines[-1])
    return Refused(_("%(name)s failed: %(reason)s") % {"name": Path(program).name, "reason": reason[:500]})
