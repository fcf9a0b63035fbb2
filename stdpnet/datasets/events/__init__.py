"""Events of a silicon retina: recordings in files, and such as still images would give."""
