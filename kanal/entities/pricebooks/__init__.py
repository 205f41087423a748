"""Price books, products, prices, bundles, and what describes them."""
