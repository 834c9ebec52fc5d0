"""The sealed audit log: chained, signed and anchored outside the database by one sealer, verified by anybody.

An entry is written unchained in the transaction of its action: a chain inside each transaction would be one lock for
all. A second later the sealer gives it a place, hashes it onto the chain, and signs the end of the chain.
"""
