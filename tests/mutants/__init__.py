"""Small wrongs, planted one at a time into the templates: a rehearsal that does not notice one has a hole."""
