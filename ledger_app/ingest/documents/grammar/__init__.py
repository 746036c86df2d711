"""The form of a notice: where its labels and numbers stand, and which task each of them belongs to."""
