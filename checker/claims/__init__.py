"""From text blocks to statements with their terms and cues."""
