"""What every command of the program has in common: its help, its completion, the forms of its report."""
