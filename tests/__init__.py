"""Tests of the whole house; the folders mirror app/, and rules/ holds the checks of the house itself."""
