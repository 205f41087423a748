"""What holds for every record type of the registry, tried on each."""
