"""From labelled pages to a model with its card and floors; works from a checkout only."""
