"""What is different between two versions, or two runs."""
