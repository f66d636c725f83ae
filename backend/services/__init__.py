"""One use-case per file; where the pure rooms meet the database."""
