"""FLOOR: the declarative base, the tenant guard, engines and transactions, hot reads and the embedded servers.

Owns how a statement reaches the database. Only database.py commits. Knows no room; may use document, keys, logs and settings.
"""
