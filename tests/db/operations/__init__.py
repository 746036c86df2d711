"""Acts on real ledger files."""
