"""Many sites: reads a list, fetches in threads, judges in processes, and saves each site's outcome before the next begins."""
