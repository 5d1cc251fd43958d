"""What a person sees while a run goes: a live picture on a terminal, lines elsewhere."""
