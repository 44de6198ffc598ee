"""From a check to a file that somebody else can open, replay and check again, offline."""
