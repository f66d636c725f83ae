"""What a client adds to the rulebook: keyword lists, patterns, known values, allowed values."""
