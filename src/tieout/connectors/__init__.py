"""What fetches from outside: one package each, found by the registry."""
