"""What each seeded role is offered can be finished: every control, every "New …", every verb (PART-1a, ACC-2)."""
