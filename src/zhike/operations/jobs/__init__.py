"""Background jobs: declared by one decorator, enqueued with their actor, run, taken up again, shown when they fail.

``declaring`` says what a job is, ``enqueuing`` puts one in the queue, ``worker`` runs them. Why: docs/decisions/0011.
"""
