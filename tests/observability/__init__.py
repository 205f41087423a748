"""What a running Kanal tells of itself: logs, metrics, slow pages, `kanal check` (REL-4, SEC-2)."""
