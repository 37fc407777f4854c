"""The procedure as data and pure planning: from a visit to the notices that ought to exist."""
