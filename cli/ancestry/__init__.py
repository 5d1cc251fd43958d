"""What `lineage` prints."""
