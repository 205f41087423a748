"""Price books, products, prices, bundles, and their attributes."""
