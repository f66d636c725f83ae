"""One file per resource; its name is the OpenAPI tag of its operations."""
