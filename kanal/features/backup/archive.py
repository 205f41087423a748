"""The backup file: a ZIP archive of the database dump, the stored files, their list and a manifest.

The manifest is written last and contains the checksum of everything else, so a truncated file has none.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from kanal.kit.errors import Refused

FORMAT = 1
DUMP, LIST, MANIFEST = "database.dump", "files.jsonl", "manifest.json"
FOLDER = "files/"
PIECE = 1024 * 1024


class Writer:
    """Write a backup piece by piece, without holding it in memory."""

    def __init__(self, target: IO[bytes]) -> None:
        self.zip = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True)

    def put(self, name: str, source: IO[bytes]) -> dict[str, Any]:
        """Store the content of a source and return its size and SHA-256."""
        digest, size = hashlib.sha256(), 0
        with self.zip.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
            while piece := source.read(PIECE):
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
        return {"size": size, "sha256": digest.hexdigest()}

    def abandon(self) -> None:
        """Leave the file without the central directory, and so invalid."""
        self.zip.fp = None  # type: ignore[assignment]

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest and the archive's central directory."""
        self.zip.writestr(MANIFEST, json.dumps({"format": FORMAT, **manifest}, indent=1))
        self.zip.close()


@contextmanager
def archive_writer(path: Path) -> Iterator[Writer]:
    """Return a writer to `path`.part, renamed to `path` once everything is on disk and deleted on failure."""
    part = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as target:
            writer = Writer(target)
            try:
                yield writer
            finally:
                writer.abandon()
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        part.unlink(missing_ok=True)


class Reader:
    """Read a backup. Raise Refused with a message if it's damaged or of a newer format."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with sound(path):
            self.zip = zipfile.ZipFile(path)
            self.manifest: dict[str, Any] = json.loads(self.zip.read(MANIFEST))
            newer = self.manifest["format"] > FORMAT
        if newer:
            raise Refused(_("%(path)s was made by a newer Kanal: install that first.") % {"path": path})

    def close(self) -> None:
        """Close the file."""
        self.zip.close()

    def copy(self, name: str, target: IO[bytes], expected: dict[str, Any]) -> None:
        """Copy a part of the backup and verify its checksum."""
        digest = hashlib.sha256()
        with sound(self.path), self.zip.open(name) as entry:
            while piece := entry.read(PIECE):
                target.write(piece)
                digest.update(piece)
        if digest.hexdigest() != expected["sha256"]:
            raise damaged(self.path)

    def files(self) -> Iterator[dict[str, Any]]:
        """Yield the stored files: name, size and checksum."""
        with sound(self.path), self.zip.open(LIST) as lines:
            for line in lines:
                yield json.loads(line)


def damaged(path: Path) -> Refused:
    """Return the error for an incomplete file."""
    return Refused(_("%(path)s is not a complete Kanal backup: it is damaged or truncated.") % {"path": path})


@contextmanager
def sound(path: Path) -> Iterator[None]:
    """Convert the exceptions of a damaged archive to Refused."""
    try:
        yield
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged(path) from error
