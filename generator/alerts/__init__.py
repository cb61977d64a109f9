"""Who is told of what: rules, news, what was told, and the sending of it."""
