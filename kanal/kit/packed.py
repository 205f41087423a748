"""Reading stored contents as texts, those of packed documents (Word, Excel) too; what is no text gives none."""

import io
import re
import zipfile
from collections.abc import Iterator

LARGEST = 20_000_000
PACKED = b"PK\x03\x04"
MARKUP = (".xml", ".rels", ".txt", ".csv")
WIDE = (b"\xff\xfe", b"\xfe\xff")


def texts_in(content: bytes) -> Iterator[str]:
    """Yield the texts of a content, as far as it can be read as text or as a packed document."""
    if len(content) > LARGEST:
        return
    if not content.startswith(PACKED):
        yield content.decode("utf-16" if content.startswith(WIDE) else "utf-8", errors="ignore")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for part in parts.infolist():
                if part.filename.endswith(MARKUP) and part.file_size <= LARGEST:
                    yield words_of(parts.read(part).decode(errors="ignore"))
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError):
        return


def words_of(markup: str) -> str:
    """Return the text of a part, words that are formatted differently put together."""
    ended = re.sub(r"</(?:\w+:)?(?:p|tc|si|row|is)>", " ", markup)
    return re.sub(r"<[^>]*>", "", ended)
