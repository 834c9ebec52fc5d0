"""What needs a second person: one file each."""
