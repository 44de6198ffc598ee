"""From an address or a file to text blocks."""
