"""Log-in: what allauth and axes leave to us (lock-out, second factor, sessions). Nothing here decides on a right."""
