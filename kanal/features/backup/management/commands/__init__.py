"""The commands `kanal backup` and `kanal restore`."""
