"""Code that applies one kind of rule to text."""
