"""The rule book: what a rule is, and every rule by family."""
