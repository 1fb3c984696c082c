"""Where state is kept: tables, the writer, claims, the event log, and reads by snapshot."""
