"""The parts of `quillgate scan`."""
