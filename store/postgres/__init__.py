"""The casebook on PostgreSQL, for several bots on several machines. Only this package knows psycopg."""
