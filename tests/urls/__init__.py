"""Every address of the application and who gets what there."""
