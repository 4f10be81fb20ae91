"""Keeping: what services may ask of a store, and the engines that answer."""
