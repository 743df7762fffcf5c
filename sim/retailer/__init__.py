"""What the plan controls: channels, media, capabilities, order handling."""
