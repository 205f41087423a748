"""The live channel (JOB-2): what the database tells of changes, and who may hear of which; HTTP stands in kanal.web."""
