"""One file per family of rules; `book` joins them by hand."""
