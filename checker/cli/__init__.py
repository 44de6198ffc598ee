"""The command line: one file per command; errors become one line and an exit code."""
