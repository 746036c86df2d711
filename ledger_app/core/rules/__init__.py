"""Judgements over plain values that end in findings."""
