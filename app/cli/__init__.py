"""DOOR: the operator's command line, `agoat`. One file per noun (customer, site, domain, person, key, import, and so on).

Owns words, exit codes and progress; acts by calling rooms. May use everything below it and never imports sqlalchemy.
"""
