"""What user code runs in."""
