"""Where versions came from, and where they went."""
