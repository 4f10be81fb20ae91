"""Feeds: settlements fetched every day, stored before they are marked read, marked resolved when cleared."""
