"""The lead splitter: filters, shares and receipts."""
