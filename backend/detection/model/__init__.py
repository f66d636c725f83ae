"""Names and addresses by a small integer model: what no pattern can know."""
