"""Benchmarks: each a script that prints ratios from one run on one machine."""
