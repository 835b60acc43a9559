"""ROOM: the memory of the house. Reads what the floor recorded: history of a thing, change sets, undo, verification.

Owns the seals. Recording itself is the floor's work (db.record), so no room can forget it; never imports litestar.
"""
