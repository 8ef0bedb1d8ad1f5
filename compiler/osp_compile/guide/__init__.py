"""The sections of the guide: folders under templates/, read into frozen values and checked."""
