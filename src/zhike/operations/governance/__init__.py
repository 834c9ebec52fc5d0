"""Who may do what, on whom, shown afterwards: users, roles, audit, and the vault of personal data."""
