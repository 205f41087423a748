"""Try SCALE-1 on this machine: primary and replica, PgBouncer, nginx, two web processes, two workers; then end them.

Run as root on Debian, in the folder of the clone: `.venv/bin/python deploy/try_cluster.py`. PostgreSQL is the one that
comes with Kanal; PgBouncer and nginx are installed if they are missing. Everything listens on loopback only and keeps
its data in a temporary folder, which is removed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cluster_browser import Browser, free_port

from kanal.config import embedded, env
from kanal.config.cluster import Cluster
from kanal.config.os_user import owner_of

ROOT = Path(__file__).resolve().parents[1]
POOLER = """[databases]
kanal = host=127.0.0.1 port={primary} dbname=kanal user=kanal
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {pooler}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
max_client_conn = 200
logfile = {base}/pooler/pgbouncer.log
pidfile = {base}/pooler/pgbouncer.pid
"""
PROXY = """daemon off;
pid {base}/nginx.pid;
error_log {base}/nginx-error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {base}/nginx-body; proxy_temp_path {base}/nginx-proxy; fastcgi_temp_path {base}/nginx-fastcgi;
  uwsgi_temp_path {base}/nginx-uwsgi; scgi_temp_path {base}/nginx-scgi;
  upstream kanal {{ server 127.0.0.1:{one}; server 127.0.0.1:{two}; }}
  server {{
    listen 127.0.0.1:{proxy};
    location / {{
      proxy_pass http://kanal; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;
      proxy_next_upstream error timeout; add_header X-Served-By $upstream_addr always;
    }}
  }}
}}
"""


class Machines:
    """The processes of the cluster, each ended by its process id."""

    def __init__(self, base: Path) -> None:
        self.base, self.running = base, {}
        self.ports = {name: free_port() for name in ("primary", "replica", "pooler", "one", "two", "proxy")}
        self.cluster = Cluster(base, owner_of(base / "postgres", base))
        for name in ("postgres", "pooler"):
            (base / name).mkdir(mode=0o700)
            self.cluster.owner.own(base / name)
        self.programs = embedded.programs(self.cluster)

    def as_owner(self) -> dict:
        """Return what runs a program as PostgreSQL's user."""
        return self.cluster.owner.popen(self.cluster.home)

    def run(self, *words: object, **options: object) -> None:
        """Run a program to its end."""
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **options)
        if done.returncode:
            raise SystemExit(f"{words[0]} failed: {done.stderr[-1000:]}")

    def start(self, name: str, *words: object, **options: object) -> None:
        """Start a program that goes on."""
        with (self.base / f"{name}.log").open("ab") as log:
            command = [str(word) for word in words]
            self.running[name] = subprocess.Popen(command, stdout=log, stderr=log, **options)

    def end(self, name: str, kill: bool = False) -> None:
        """End a program and wait for it."""
        process = self.running.pop(name)
        if kill:
            process.kill()
        else:
            process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def databases(self) -> None:
        """Make the primary server and its streaming replica."""
        home = self.cluster.home
        self.run(
            self.programs / "initdb", "--pgdata", home / "primary", "--username", "kanal", "--encoding", "UTF8",
            "--auth", "trust", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
            **self.as_owner(),
        )  # fmt: skip
        self.postgres("primary")
        self.sql("primary", "CREATE DATABASE kanal", database="postgres")
        at = ["--host", "127.0.0.1", "--port", self.ports["primary"], "--username", "kanal"]
        to = ["--pgdata", home / "replica", "--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast"]
        self.run(self.programs / "pg_basebackup", *at, *to, **self.as_owner())
        self.postgres("replica")

    def postgres(self, name: str) -> None:
        """Start a server and wait until it answers."""
        folder = self.cluster.home / name
        settings = {"port": self.ports[name], "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
                    "timezone": "UTC", "hot_standby": "on", "wal_level": "replica"}  # fmt: skip
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        self.start(name, self.programs / "postgres", "-D", folder, *options, **self.as_owner())
        until(lambda: self.sql(name, "SELECT 1", database="postgres"), f"the {name} server does not answer")

    def sql(self, name: str, statement: str, database: str = "kanal") -> object:
        """Run a statement on one of the servers."""
        import psycopg

        address = f"postgresql://kanal@127.0.0.1:{self.ports[name]}/{database}"
        with psycopg.connect(address, autocommit=True, connect_timeout=3) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchone() if cursor.description else True

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of Kanal's processes."""
        at = {name: f"postgresql://kanal@127.0.0.1:{port}/kanal" for name, port in self.ports.items()}
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept, "DATABASE_URL": at["pooler"], "KANAL_DIRECT_DATABASE_URL": at["primary"],
            "KANAL_REPLICA_URL": at["replica"], "KANAL_DATA": str(self.base / "data"), "KANAL_WEB_WORKERS": "1",
            "KANAL_SECRET_KEY": "of a cluster that is tried out and removed again", "PYTHONPATH": str(ROOT), **more,
        }  # fmt: skip

    def kanal(self, *words: str) -> None:
        """Run a command of Kanal."""
        command = [sys.executable, "-m", "kanal.config.cli", *words]
        self.run(*command, env=self.environment(), cwd=ROOT)

    def until(self, question: object, sentence: str) -> object:
        """Ask until the answer is true; else end with a sentence."""
        return until(question, sentence)

    def web(self, name: str, **more: str) -> None:
        """Start a web process."""
        command = [sys.executable, "-m", "kanal.config.cli", "serve"]
        self.start(name, *command, env=self.environment(PORT=str(self.ports[name]), **more), cwd=ROOT)
        Browser(self.ports[name]).until_ready()

    def everything(self) -> None:
        """Start all that belongs to the cluster."""
        (self.base / "data").mkdir(mode=0o711)
        self.databases()
        settings = {"base": self.base, **self.ports}
        pooler, proxy = self.base / "pooler" / "pgbouncer.ini", self.base / "nginx.conf"
        pooler.write_text(POOLER.format(**settings))
        self.cluster.owner.own(pooler)
        self.start("pooler", shutil.which("pgbouncer", path="/usr/sbin:/usr/bin"), pooler, **self.as_owner())
        until(lambda: self.sql("pooler", "SELECT 1"), "PgBouncer does not answer")
        self.kanal("migrate")
        self.kanal("demo", "--times", "0.05")
        self.kanal("manage", "collectstatic", "--noinput", "--verbosity", "0")
        for name in ("one", "two"):
            self.web(name)
        for name in ("worker one", "worker two"):
            command = [sys.executable, "-m", "kanal.config.cli", "worker"]
            self.start(name, *command, env=self.environment(), cwd=ROOT)
        proxy.write_text(PROXY.format(**settings))
        self.start("proxy", shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-p", self.base, "-c", proxy)
        Browser(self.ports["proxy"]).until_ready()


def until(question: object, sentence: str, seconds: float = 60) -> object:
    """Ask until the answer is true, an error being none; else end with a sentence."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if answer := question():
                return answer
        except Exception:  # noqa: S110  it is asked again
            pass
        time.sleep(0.1)
    raise SystemExit(f"After {seconds:g} s {sentence}.")


def install() -> None:
    """Install what is missing, by Debian's packages."""
    there = "/usr/sbin:/usr/bin"
    missing = [name for name in ("pgbouncer", "nginx") if not shutil.which(name, path=there)]
    if missing:
        print(f"  Installing Debian packages: {' '.join(missing)}", flush=True)
        command = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        )


def main() -> int:
    """Start the cluster, try it, say what was found, and end it."""
    import cluster_checks
    import cluster_proxy

    install()
    base = Path(tempfile.mkdtemp(prefix="kanal-cluster-"))
    base.chmod(0o711)
    machines, failed = Machines(base), 0
    try:
        print("  Starting PostgreSQL twice, PgBouncer, nginx, two web processes, two workers …", flush=True)
        machines.everything()
        for check in (*cluster_checks.CHECKS, *cluster_proxy.CHECKS):
            sentence = re.sub(r"\s+", " ", check.__doc__ or "").rstrip(".")
            try:
                told = check(machines)
            except (AssertionError, SystemExit, OSError) as problem:
                failed += 1
                print(f"  ✗ {sentence}: {str(problem)[:300] or type(problem).__name__}", flush=True)
            else:
                print(f"  ✓ {sentence}{f' ({told})' if told else ''}", flush=True)
    finally:
        for name in reversed(list(machines.running)):
            machines.end(name)
        if failed and "--keep" in sys.argv:
            print(f"  Kept: {base}")
        else:
            shutil.rmtree(base, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    env.use_database("postgresql://127.0.0.1:1/none")
    sys.exit(main())
