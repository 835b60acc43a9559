"""DOOR: the REST interface under /api/v1 for clients with a key.

Owns the public contract, written by hand as Structs; rows never go on the wire. May use web and the rooms; never imports sqlalchemy.
"""

from app.api.app import OPERATIONS, problem_response, router

__all__ = ["OPERATIONS", "problem_response", "router"]
