"""Settlements: reports taken in, analysed and finalised, and delivered to the systems that consume them."""
