"""The history as an outbox: committed changes are read after a position (positions.py) and delivered by jobs (ADR 20).

`delivery.py` calls the subscribers of `kanal.core.events`. `waker.py` queues a delivery when the database reports a
change.
"""
