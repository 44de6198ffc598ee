"""A SQLite file of scans: migrations, saving, and the rows that lists and comparisons are made from."""
