"""Every ledger declared once, one module a subject."""
