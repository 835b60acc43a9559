"""FLOOR: the leased page cache, the Redis client and its breaker.

Owns speed, never truth: everything here can be lost and is made again from the database. May use db and what is below it.
"""
