"""The pages of the reference, made from what they describe; `make docs` writes them."""
