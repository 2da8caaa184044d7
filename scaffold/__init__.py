"""Make AWS SAM projects that work on arrival."""

__version__ = "0.1.0"
