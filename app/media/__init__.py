"""ROOM: files and their renditions, and where the bytes live.

Owns the media tables of schema content. May use identity, tenancy and the floor; content and catalog are neighbours it does not know.
"""
