"""What makes a rehearsal quick, and nothing else: each module says what it saves."""
