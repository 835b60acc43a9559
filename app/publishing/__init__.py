"""Room: from stored publications to finished pages and feeds.

It only reads publications, never working copies, and it writes nothing. Everything here but `repository` and `pages` is pure:
snapshots and a moment go in, HTML comes out.
"""
