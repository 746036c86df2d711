"""Tests mirror the package; `contracts.py` holds what test_architecture.py applies to it."""
