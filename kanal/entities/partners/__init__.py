"""Partners: the companies that sell with us."""
