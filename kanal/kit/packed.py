"""Text of stored content, including zipped documents (Word, Excel). Binary content yields none."""

import io
import re
import zipfile
from collections.abc import Iterator

LARGEST = 20_000_000
PACKED = b"PK\x03\x04"
MARKUP = (".xml", ".rels", ".txt", ".csv")
WIDE = (b"\xff\xfe", b"\xfe\xff")


def texts_in(content: bytes) -> Iterator[str]:
    """Yield the texts of content that is plain text or a zipped document."""
    if len(content) > LARGEST:
        return
    if not content.startswith(PACKED):
        yield content.decode("utf-16" if content.startswith(WIDE) else "utf-8", errors="ignore")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for part in parts.infolist():
                if part.filename.endswith(MARKUP) and part.file_size <= LARGEST:
                    yield part_text(parts.read(part).decode(errors="ignore"))
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError):
        return


def part_text(markup: str) -> str:
    """Return the text of a part, joining words with mixed formatting."""
    ended = re.sub(r"</(?:\w+:)?(?:p|tc|si|row|is)>", " ", markup)
    return re.sub(r"<[^>]*>", "", ended)
