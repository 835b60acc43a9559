"""The demonstration: made-up content for two customers, and the act that loads it.

Owns content files and the order of loading. Writes only through the rooms' actions, as any other door would.
"""
