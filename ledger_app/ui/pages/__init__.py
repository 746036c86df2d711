"""Pages written by hand."""
