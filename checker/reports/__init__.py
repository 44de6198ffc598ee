"""Writes a report for people and for programs: `terminal`, `html` and `jsonout` each turn a Report into text on a stream."""
