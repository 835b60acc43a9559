"""The schema of every release, from which a later release must lead on: the one list of them.

A release is named as its heading in CHANGELOG.md, without number and date; whoever writes the next heading adds the one before.
"""

RELEASED = {"the floor and the main job": "0056"}
