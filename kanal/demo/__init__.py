"""Invented data: the demo company (`kanal demo`) and large data sets (`kanal generate`); no page needs it."""
