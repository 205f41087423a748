"""Partners: companies that sell with us."""
