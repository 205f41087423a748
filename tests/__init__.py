"""Cross-app tests. Those of a single app are in its package."""
