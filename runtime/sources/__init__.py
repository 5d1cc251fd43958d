"""What comes from outside: found, hashed, converted, checked, and kept like any other content."""
