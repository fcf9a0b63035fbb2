"""What everything stands on: errors, files, parameters and their units. Imports nothing else of stdpnet."""
