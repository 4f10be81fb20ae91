"""Kernels: tight loops over integer columns, one call for all blocks.

Each kernel is one plain Python function in the subset that Numba compiles. Small inputs run it as it stands; large ones
run the same source compiled (`kernel`), so both give the same answer by construction. Independent brute-force oracles
stand in the tests.
"""
