"""Read what people have: a file for each kind of source, and a table that maps what is found to its reader."""
