"""A fleet of invented status pages in every platform's wire format, served on loopback."""
