"""Lead intake: external posts, received exactly once and converted to leads."""
