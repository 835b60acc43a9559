"""ROOM: people, memberships, sessions, single-use links and API keys, and who may do what.

Owns schema identity. May use tenancy and the floor; never imports litestar.
"""
