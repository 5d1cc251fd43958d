"""Ray as an executor; nothing else in the project imports ray."""
