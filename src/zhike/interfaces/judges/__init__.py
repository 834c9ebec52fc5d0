"""Judges: what is claimed beside what is true, and what policies earn. They know the product and the made bank."""
