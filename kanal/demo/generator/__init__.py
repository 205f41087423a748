"""Large data sets by COPY (`kanal generate`): the same numbers, seed and day give the same rows."""
