"""Import of records from CSV and XLSX: read, map, dry-run, run, report (IMP-1)."""
