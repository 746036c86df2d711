"""What a ledger means: standard library only, no Qt, no SQL, no files."""
