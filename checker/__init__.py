"""Reads a clinic's web page and says which statements promise approval or a cure of nerve damage, with exact quotes."""

__version__ = "0.1.0"
