"""The generic pages, tried on every record type and on what is special to each page."""
