"""What the program reaches, measured side by side with the alternatives in one run."""
