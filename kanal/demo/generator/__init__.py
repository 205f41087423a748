"""Large data sets by COPY (`kanal generate`): the same counts, seed and day create the same rows."""
