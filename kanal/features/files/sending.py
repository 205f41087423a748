"""Send stored files with headers that make them harmless in a browser (FILE-3)."""

from django.http import FileResponse

from kanal.features.files.models import File, Version


def response_of(file: File, version: Version, *, is_shown: bool = False) -> FileResponse:
    """Return the response with a version of a file: a download, or a picture shown inline."""
    response = FileResponse(
        version.content.open("rb"), as_attachment=not is_shown, filename=file.name, content_type=version.kind
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
