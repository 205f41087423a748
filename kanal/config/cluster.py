"""A PostgreSQL cluster on disk: its paths, its process, and the meaning of its errors. Starts and stops nothing."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from kanal.config.env import hash_of
from kanal.config.os_user import Owner

NAME = "kanal"
LONGEST_SOCKET = 100
LOOKED_AT = 1_000_000


@dataclass(frozen=True)
class Cluster:
    """The location of a server's files and the user it runs as."""

    data: Path
    owner: Owner
    durable: bool = True

    @property
    def home(self) -> Path:
        """Return the folder owned by the server's user."""
        return self.data / "postgres"

    @property
    def folder(self) -> Path:
        """Return PostgreSQL's own data directory."""
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        """Return the server's log file."""
        return self.home / "server.log"

    @property
    def sockets(self) -> Path:
        """Return the folder of the socket. Socket paths have a length limit, so a long one moves to the temp folder."""
        if len(str(self.home / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return self.home
        return Path(tempfile.gettempdir()) / f"kanal-{self.owner.uid}-{hash_of(str(self.home)):08x}"

    @property
    def url(self) -> str:
        """Return the URL of the database."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.sockets), safe='/')}"

    def noted_pid(self) -> int | None:
        """Return the process id in the server's pid file."""
        try:
            return int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def postmaster(self) -> int | None:
        """Return the process id of the running server. A stale pid file is ignored."""
        pid = self.noted_pid()
        try:
            process = psutil.Process(pid) if pid else None
            if process and process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(self.folder.resolve()):
                return pid
        except psutil.Error:
            pass
        return None

    def tail(self) -> str:
        """Return the end of the server's log, without messages to clients that connect during start-up."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(-min(LOOKED_AT, self.log.stat().st_size), os.SEEK_END)
            lines = file.read().decode(errors="replace").splitlines(keepends=True)
        return "".join(line for line in lines if "the database system is" not in line)[-2000:]

    def is_waiting_for_orphans(self) -> bool:
        """Return whether the server refused to start because processes of a killed one are still ending."""
        return any(words in self.tail()[-400:] for words in ("is still in use", '"postmaster.pid" already exists'))

    def explained(self, text: str) -> str:
        """Return a PostgreSQL error as one sentence."""
        if "No space left on device" in text:
            return f"The disk of {self.data} is full: free some space, or set KANAL_DATA to another folder."
        if "initialized by PostgreSQL version" in text:
            return (
                f"The data in {self.folder} was made by another version of PostgreSQL: restore a backup into a new "
                "folder (KANAL_DATA), or use a server of that version (DATABASE_URL)."
            )
        lines = [line for line in text.splitlines() if any(word in line for word in ("FATAL", "error:", "PANIC"))]
        reason = (lines or text.strip().splitlines() or ["nothing"])[-1].strip()
        return f"PostgreSQL doesn't start. It reports: {reason} (its log is {self.log})."
