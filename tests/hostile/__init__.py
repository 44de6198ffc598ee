"""What a site can do to a program that visits it: served by a local server, run by pytest in small and by a bench in full."""
