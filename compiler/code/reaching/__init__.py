"""From a function to the definitions that decide what it does, name by name."""
