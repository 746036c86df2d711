"""Official documents read into rectification tasks."""
