"""Exit statuses, as scripts rely on them."""

DONE = 0
DIFFERENCES_REMAIN = 1
REFUSED = 2
MISSING = 3
INTERRUPTED = 130
