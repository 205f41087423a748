"""Signal handlers of quotes: uploaded documents, and files that accompany a document."""

from kanal.core import companions, events
from kanal.entities.quotes.documents import hear_of_upload

companions.hang("quotes_templatereport", "version_id", on="files_version")
events.on("file.attached", hear_of_upload)
