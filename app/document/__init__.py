"""FLOOR, pure: body formats, allowed tags, cleaning and plain text, shared by content, catalog and imports.

Text in, text out. Imports no database, no cache and no HTTP, so that it is tested without a server.
"""
