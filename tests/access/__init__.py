"""Access, tried on generated worlds: what one may not see is looked for everywhere (SEC-1)."""
