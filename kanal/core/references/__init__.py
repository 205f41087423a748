"""What points at records: which columns do (columns.py), who depends on one (dependents.py), and how to move them.

`reassigning.py` lets what points at a record point at another. A `RecordAlias` leads from an old address to the record
that took over; `kanal.core.access` follows it.
"""
