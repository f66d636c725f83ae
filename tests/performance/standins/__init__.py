"""Texts of our own in place of the collections the product is judged by, and how to score them."""
