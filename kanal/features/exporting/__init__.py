"""Export of lists to files: the list's rows in its order, limited to what the user may export (LIST-7)."""
