"""What a statement about approval comes to, held against the dated facts: of what, by whom, for what use, and if it is so."""
