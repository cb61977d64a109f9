"""The only code that opens SQLite."""
