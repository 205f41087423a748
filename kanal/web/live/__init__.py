"""The live channel for pages: its stream, and what pages ask when something has changed."""
