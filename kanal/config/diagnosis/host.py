"""Checks of Kanal's environment: disk and files, mail server, keys and host names, programs, the front end."""

import os
import shutil
import smtplib
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kanal.config import env
from kanal.config.diagnosis.finding import Finding

SHORTEST_KEY = 32
LEAST_FREE_MB = 1024


def disk(environment: env.Env) -> Iterator[Finding]:
    """Check the free disk space."""
    free = shutil.disk_usage(environment.data).free // 1024**2
    yield Finding("Disk", f"{free} MB free in {environment.data}", well=free >= LEAST_FREE_MB)


def storage(environment: env.Env) -> Iterator[Finding]:
    """Check that files can be stored."""
    folder = environment.data / "files"
    try:
        with tempfile.TemporaryFile(dir=folder if folder.exists() else environment.data):
            pass
        yield Finding("Files", f"can be written to {folder}")
    except OSError as problem:
        text = f"can't be written to {folder} ({problem.strerror}): let Kanal's user write there"
        yield Finding("Files", text, well=False)


def mail(environment: env.Env) -> Iterator[Finding]:
    """Check that the mail server responds."""
    if not environment.mail_url:
        yield Finding("Mail", "no server is set: emails are written to `outbox` in the data folder; set KANAL_MAIL_URL")
        return
    mail_settings = env.mail(environment.mail_url, environment.data)
    host, kind = mail_settings["EMAIL_HOST"], smtplib.SMTP_SSL if mail_settings["EMAIL_USE_SSL"] else smtplib.SMTP
    try:
        with kind(host, mail_settings["EMAIL_PORT"], timeout=mail_settings["EMAIL_TIMEOUT"]) as server:
            server.ehlo()
        yield Finding("Mail", f"{host} answers")
    except (OSError, smtplib.SMTPException) as problem:
        text = f"{host} does not answer ({type(problem).__name__}): is KANAL_MAIL_URL right?"
        yield Finding("Mail", text, well=False, vital=False)


def key(environment: env.Env) -> Iterator[Finding]:
    """Check that the secret key is long enough and unreadable for others."""
    path = environment.data / "secret-key"
    open_to = stat.S_IMODE(path.stat().st_mode) & 0o077 if path.exists() else 0
    if len(environment.secret_key) < SHORTEST_KEY:
        yield Finding(
            "Secret key", f"shorter than {SHORTEST_KEY} characters: set a long random KANAL_SECRET_KEY", well=False
        )
    elif open_to and not os.environ.get("KANAL_SECRET_KEY"):
        yield Finding("Secret key", f"other users can read it: chmod 600 {path}", well=False)
    else:
        yield Finding("Secret key", "long and private")


def names(environment: env.Env) -> Iterator[Finding]:
    """Check for host names that are too permissive or inconsistent."""
    if "*" in environment.allowed_hosts:
        text = "all host names are accepted: set KANAL_ALLOWED_HOSTS to yours"
        yield Finding("Host names", text, well=False, vital=False)
    wrong = [origin for origin in environment.trusted_origins if not origin.startswith(("http://", "https://"))]
    if wrong:
        text = f"KANAL_TRUSTED_ORIGINS needs https:// before {', '.join(wrong)}"
        yield Finding("Origins", text, well=False)


def programs(environment: env.Env) -> Iterator[Finding]:
    """Check for LibreOffice, which is required to convert documents to PDF."""
    office = shutil.which("soffice")
    text = office or "not found: documents stay Word files; install libreoffice-writer for PDF"
    yield Finding("LibreOffice", text, well=bool(office), vital=False)


def assets(environment: env.Env) -> Iterator[Finding]:
    """Check for the built and collected front end."""
    from django.conf import settings

    collected = settings.DEBUG or Path(settings.STATIC_ROOT, "staticfiles.json").exists()
    text = "collected" if collected else "not collected: run `kanal run`, or `kanal manage collectstatic`"
    yield Finding("Front end", text, well=collected)


def network(environment: env.Env) -> Iterator[Finding]:
    """Check the settings required for an installation on the network."""
    at_home = environment.host in {"127.0.0.1", "localhost", "::1"} and not environment.https
    yield Finding(
        "Debugging",
        "on: never use it on a network" if environment.debug else "off",
        well=not environment.debug,
        vital=False,
    )
    if not at_home:
        yield Finding(
            "HTTPS", "on" if environment.https else "KANAL_HTTPS is not set", well=environment.https, vital=False
        )


LOOKS = (disk, storage, mail, key, names, programs, assets, network)
