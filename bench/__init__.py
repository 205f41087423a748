"""Benchmarks: `python -m bench` for the budgets, `python -m bench.spike_…` for the questions behind the design."""
