"""How moments are written on pages, by language."""
