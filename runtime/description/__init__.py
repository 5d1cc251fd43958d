"""A run told whole: what a report shows, gathered from the store."""
