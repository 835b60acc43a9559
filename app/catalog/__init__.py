"""ROOM: products, variants, categories, prices, stock and feeds.

Owns schema catalog. May use identity, tenancy and the floor; content and media are neighbours it does not know.
"""
