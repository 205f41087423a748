"""The figures of the specification, a module for each family. Each returns its results from `measure(run)`."""
