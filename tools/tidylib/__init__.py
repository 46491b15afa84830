"""Parts of tools/tidy, one idea a module."""
