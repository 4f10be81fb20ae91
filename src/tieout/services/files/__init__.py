"""What `tieout check` and `tieout reconcile` do with files: read, unite, tie, prove, write and read again."""
