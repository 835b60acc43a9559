"""FLOOR: tables and writers of what every write leaves behind: versions, change sets, events, changes, bumps, outbox.

A writing transaction only inserts here, beside its own thing; sequencer and compactor fold the rows afterwards, one owner each.
"""
