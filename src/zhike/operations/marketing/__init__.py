"""What the bank offers to whom: decisions made over the customer view, and how they are told."""
