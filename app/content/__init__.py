"""ROOM: posts, pages, bylines, tags and menus, with their versions and publications.

Owns most of schema content. May use media, identity, tenancy and the floor; catalog is a neighbour it does not know.
"""
