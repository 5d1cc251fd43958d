"""What one task does where it lands: lay out, call the user's code in a child, take in, publish."""
