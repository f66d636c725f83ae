"""Bytes of a file in, its text in pieces out, each with its place."""
