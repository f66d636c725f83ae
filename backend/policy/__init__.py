"""Findings in, verdict out."""
