"""tieout's own API under /tieout/v1."""
