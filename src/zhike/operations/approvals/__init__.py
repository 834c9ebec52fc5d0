"""Approvals: what one person makes, another signs, seeing what it will do."""
