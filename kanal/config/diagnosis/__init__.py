"""The checks of `kanal check` and their report. They change nothing."""
