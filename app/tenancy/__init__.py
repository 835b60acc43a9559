"""ROOM: customers, sites, their languages and their domains.

Owns schema tenancy, the lowest of the rooms. May use the floor; never imports litestar.
"""
