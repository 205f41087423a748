"""PDF conversion by LibreOffice, where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

TIMEOUT = 60.0
_CPU_SHARE = 0.75
_MAX_PDF = 100 * 1024 * 1024
# No macros, external links, updates of linked content or crash reports.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop>
</item>
</oor:items>
"""


@lru_cache(maxsize=1)
def office() -> str | None:
    """Return the path of LibreOffice, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def makes_pdf() -> bool:
    """Return whether LibreOffice is installed here."""
    return office() is not None


def to_pdf(document: bytes, timeout: float = TIMEOUT, extension: str = "docx") -> bytes | None:
    """Convert a document of LibreOffice Writer, such as a Word one, to PDF.

    Return None without LibreOffice, on failure or on timeout.
    """
    program = office()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="kanal-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        profile = folder / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        source = folder / f"document.{extension}"
        source.write_bytes(document)
        _convert(program, folder, source, timeout)
        made = folder / "document.pdf"
        if not made.is_file() or not 0 < made.stat().st_size <= _MAX_PDF:
            return None
        return made.read_bytes()


def _convert(program: str, folder: Path, source: Path, timeout: float) -> None:
    options = ["--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault", "--convert-to", "pdf"]
    command = [
        program,
        f"-env:UserInstallation=file://{folder}/profile",
        *options,
        "--outdir",
        str(folder),
        str(source),
    ]
    # The shell limits CPU seconds; every process that LibreOffice starts inherits the limit.
    process = subprocess.Popen(
        ["/bin/sh", "-c", 'ulimit -t "$0"; exec "$@"', str(max(1, int(timeout * _CPU_SHARE))), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"HOME": str(folder), "TMPDIR": str(folder), "PATH": os.defpath + ":/usr/local/bin", "LANG": "C.UTF-8"},
        cwd=folder,
        start_new_session=True,
    )
    try:
        process.wait(timeout=timeout)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
