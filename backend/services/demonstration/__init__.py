"""A made-up world to try Quillgate in: MSPs, clients, their people and thirty days of use."""
