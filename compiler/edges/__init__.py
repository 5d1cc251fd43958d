"""Tables along the edges of the graph: what is known of them before anything runs."""
