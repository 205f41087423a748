"""The figures of the specification, a module for each family; each gives `measure(run)` with its results."""
