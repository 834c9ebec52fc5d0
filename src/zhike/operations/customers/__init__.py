"""What is known of customers: loading, building, publishing, and every read of the published view."""
