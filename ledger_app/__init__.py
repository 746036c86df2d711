"""The county water ledger (县级水资源台账)."""
