"""Fictitious data: the demo company (`kanal demo`) and large data sets (`kanal generate`). Not needed by pages."""
