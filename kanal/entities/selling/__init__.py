"""The sale: from an opportunity with an active quote to contracts, in one transaction."""
