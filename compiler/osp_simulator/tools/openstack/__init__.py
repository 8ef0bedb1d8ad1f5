"""The unified client of OpenStack, as Newton's."""
