"""Consent and contact: to what a customer agreed, and every time the bank turned to them, whoever did."""
