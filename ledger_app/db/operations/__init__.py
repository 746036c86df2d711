"""Acts that touch several tables."""
