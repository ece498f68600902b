"""Foreign columns of times in UTC: formats, time zones, and checks that a format is the right one."""
