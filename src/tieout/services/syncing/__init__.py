"""Links to accounting platforms: what is pulled from them, what is pushed there once, and what is known of each."""
