"""The example company in a store, with work left to do for every API: what `tieout demo` serves."""
