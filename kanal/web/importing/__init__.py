"""The pages of an import: upload, set-up with a trial, report, undo (IMP-1, IMP-1a)."""
