"""Tests of the layer that keeps the ledgers."""
