"""Text from outside read as values: each function states its context, and guesses nothing in silence."""
