"""Dialogs for acts."""
