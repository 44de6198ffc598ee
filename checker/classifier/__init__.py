"""From statements to calibrated probabilities of each label, and from pages to what kind of page they are."""
