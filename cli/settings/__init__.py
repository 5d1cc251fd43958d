"""What `reprocc.toml`, profiles and variables say."""
