"""Tests of ledger_app.ingest."""
