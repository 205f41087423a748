"""The sale: from an opportunity with an active quote to its contracts, in one transaction."""
