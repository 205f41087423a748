"""References to records: the columns (columns.py), the dependents of a record (dependents.py), and reassigning them.

`reassigning.py` redirects references from one record to another. A `RecordAlias` resolves an old address to the
replacing record, and `kanal.core.access` follows it.
"""
