"""PostgreSQL as the database: the same tables, statements and units of work, on asyncpg."""
