"""AGoat Publisher: a content publisher for many customers in one installation.

Doors (cli, jobs, editor, api, public) use rooms (publishing to tenancy), rooms stand on the floor (cache, db, document).
Imports go down the storeys only; docs/map.md draws the house and says where a new thing goes.
"""

__version__ = "0.1.0"
