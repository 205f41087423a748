"""Detection of file types from the content, not the name (FILE-3)."""

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
)
OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
MARKUP = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml")
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
PROGRAMS = ("application/x-msdownload", "application/x-executable")
TEXT, MARKED, UNKNOWN = "text/plain", "text/html", "application/octet-stream"


def kind_of(head: bytes) -> str:
    """Return the kind of a content, detected from its first kilobytes."""
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"PK\x03\x04"):
        return next((kind for folder, kind in OFFICE.items() if folder in head), "application/zip")
    if head[4:8] == b"ftyp":
        return "video/mp4"
    return kind_of_text(head)


def kind_of_text(head: bytes) -> str:
    """Return the kind of a text: plain text, markup or other."""
    if b"\x00" in head:
        return UNKNOWN
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].lower().startswith(MARKUP):
        return MARKED
    try:
        head[: len(head) - 4].decode()
    except UnicodeDecodeError:
        return UNKNOWN
    return TEXT
