"""What nobody controls: the calendar, rivals, shocks."""
