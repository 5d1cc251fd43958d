"""The parts of lowering: what the spec leaves open, made explicit one noun at a time."""
