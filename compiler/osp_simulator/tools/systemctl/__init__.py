"""systemctl, as systemd 219 has it, and the names of units."""
