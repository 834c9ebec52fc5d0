"""The doors: thin. They parse, call actions or queries, and render."""
