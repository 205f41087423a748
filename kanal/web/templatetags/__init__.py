"""Template filters of the design system, without business logic."""
