"""ROOM: posts, pages, authors, tags, menus and redirects, with their versions and publications.

Owns most of schema content. May use identity, tenancy and the floor; catalog and media are neighbours it does not know.
"""
