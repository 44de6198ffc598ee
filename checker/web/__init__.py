"""The page for patients and the JSON API: a thin layer over the engine."""
