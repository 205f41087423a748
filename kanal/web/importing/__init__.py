"""The pages of an import: upload, setup with a trial, report, undo (IMP-1, IMP-1a)."""
