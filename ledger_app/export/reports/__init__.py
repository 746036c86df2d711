"""One module a report family."""
