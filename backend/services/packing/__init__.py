"""The extension as it lies in the repository in, the same in fewer and shorter files out."""
