"""The live channel for pages: its stream, and the requests of pages after a change."""
