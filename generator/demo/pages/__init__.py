"""One module a platform: the fleet's truth in that platform's wire format."""
