"""Looking at a database from outside the units of work: which server it is, what its roles may do, what waits, who is connected.

Nothing here changes anything. What differs between the two databases is decided by the dialect of the address.
"""
