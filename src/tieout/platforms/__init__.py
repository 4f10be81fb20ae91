"""Accounting systems that are read and written: one module or package each, found by the registry."""
