"""The file of a backup: a ZIP archive of the database's dump, the stored contents, their list and a manifest.

The manifest is written last and names the checksum of everything else, so a file that was cut short has none.
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
    """Writes a backup piece by piece; nothing of it is held in memory."""

    def __init__(self, target: IO[bytes]) -> None:
        self.zip = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True)

    def put(self, name: str, source: IO[bytes]) -> dict[str, Any]:
        """Store what a source gives, and tell its size and SHA-256."""
        digest, size = hashlib.sha256(), 0
        with self.zip.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
            while piece := source.read(PIECE):
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
        return {"size": size, "sha256": digest.hexdigest()}

    def abandon(self) -> None:
        """Leave the file as it is, without the directory that would make it whole."""
        self.zip.fp = None  # type: ignore[assignment]

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest and the archive's own directory."""
        self.zip.writestr(MANIFEST, json.dumps({"format": FORMAT, **manifest}, indent=1))
        self.zip.close()


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """Return a writer to `path`.part, which becomes `path` when everything is on the disk; on a failure it goes."""
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
    """Reads a backup; raises Refused, in a sentence, where it is damaged or of a newer format."""

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
        """Copy a part of the backup and compare it with its checksum."""
        digest = hashlib.sha256()
        with sound(self.path), self.zip.open(name) as entry:
            while piece := entry.read(PIECE):
                target.write(piece)
                digest.update(piece)
        if digest.hexdigest() != expected["sha256"]:
            raise damaged(self.path)

    def files(self) -> Iterator[dict[str, Any]]:
        """List the stored contents: name, size and checksum."""
        with sound(self.path), self.zip.open(LIST) as lines:
            for line in lines:
                yield json.loads(line)


def damaged(path: Path) -> Refused:
    """Make the refusal of a file that is not whole."""
    return Refused(_("%(path)s is not a complete Kanal backup: it is damaged or truncated.") % {"path": path})


@contextmanager
def sound(path: Path) -> Iterator[None]:
    """Turn what a damaged archive raises into a refusal."""
    try:
        yield
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged(path) from error
