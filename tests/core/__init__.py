"""Tests of ledger_app.core."""
