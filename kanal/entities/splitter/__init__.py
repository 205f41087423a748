"""The lead splitter: filters, fair shares and receipts."""
