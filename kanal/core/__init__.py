"""The invariants of every record type: declaration, fields, query, access, writes, history, jobs, events."""
