"""HALL: what the HTTP doors share, from a request to an Actor or a Site, and from an error to an answer.

Owns hosts, sessions, CSRF, ETags and cache headers. May use the rooms and the floor; never imports sqlalchemy.
"""
