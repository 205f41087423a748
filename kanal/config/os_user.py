"""The unprivileged user that PostgreSQL runs as if Kanal runs as root, else the current user."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kanal.config.env import SetupError

NAME = "kanal"
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Owner:
    """A user of the machine. `switch` is true if processes must change to it."""

    uid: int
    gid: int
    name: str
    switch: bool

    def popen(self, folder: Path) -> dict[str, Any]:
        """Return the arguments of `subprocess` to run a program as this user, in a folder it can enter."""
        identity = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}
        return {"cwd": folder, "env": ENVIRONMENT, "stdin": subprocess.DEVNULL, **identity}

    def own(self, path: Path) -> None:
        """Make this user the owner of a file or folder."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def can_run(self, program: Path, folder: Path) -> bool:
        """Return whether this user may run a program."""
        try:
            return subprocess.run([program, "--version"], capture_output=True, **self.popen(folder)).returncode == 0
        except PermissionError:
            return False

    def can_enter(self, folder: Path) -> bool:
        """Return whether this user may enter a folder."""
        if not self.switch:
            return os.access(folder, os.X_OK)
        command = ["/bin/sh", "-c", 'cd "$0"', str(folder)]
        return subprocess.run(command, capture_output=True, **self.popen(Path("/"))).returncode == 0


def owner_of(*folders: Path) -> Owner:
    """Return the owner of the first existing folder not owned by root, else the user `kanal`, created if needed."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), str(os.geteuid()), switch=False)
    for folder in folders:
        if folder.exists() and (status := folder.stat()).st_uid != 0:
            return Owner(status.st_uid, status.st_gid, str(status.st_uid), switch=True)
    entry = system_user()
    return Owner(entry.pw_uid, entry.pw_gid, entry.pw_name, switch=True)


def system_user() -> pwd.struct_passwd:
    """Return the system user `kanal`, created if needed, or `nobody` if it can't be created."""
    for attempt in (False, True):
        if attempt and (useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")):
            options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
            subprocess.run([useradd, *options, "--shell", "/usr/sbin/nologin", NAME], capture_output=True)
        try:
            return pwd.getpwnam(NAME)
        except KeyError:
            continue
    try:
        return pwd.getpwnam("nobody")
    except KeyError as error:
        message = "PostgreSQL does not run as root, and no user could be created for it: run Kanal as an ordinary user."
        raise SetupError(message) from error
