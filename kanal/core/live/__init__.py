"""The live channel (JOB-2): change notifications from the database, and who may receive them. HTTP is in kanal.web."""
