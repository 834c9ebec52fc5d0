"""The kernel. It knows nothing of cards, and nothing above it is imported here."""
