"""A made-up world to try Quillgate in: two MSPs, six clients, their people and thirty days of use."""
