"""The invariants every record type stands on: declaration, fields, query, access, writes, history, jobs, events."""
