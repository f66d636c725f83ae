"""Quillgate: lets people use AI chat sites without leaking what must not leave."""
