"""The version of this package, as pyproject.toml gives it to installers."""

VERSION = "0.1.0"
