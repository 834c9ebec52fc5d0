"""Service: complaints, from intake to close."""
