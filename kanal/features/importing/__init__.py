"""Import of records from CSV and XLSX: read, map, try, run, report (IMP-1)."""
