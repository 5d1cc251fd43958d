"""Where plans run: Ray, embedded or on a cluster."""
