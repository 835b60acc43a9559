"""ROOM: bringing content over from other systems: parse, check, apply, report.

Owns the import tables in schema ops. Writes through the actions of content, catalog and media; never imports litestar.
"""
