"""A season of bad days: invented newspapers on loopback, what goes wrong with them, and what an archive holds at the end."""
