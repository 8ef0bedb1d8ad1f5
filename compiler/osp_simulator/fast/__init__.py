"""Makes rehearsals quick, and does nothing else: each module says what it saves."""
