"""What a page says about itself in machine form, and what the layout of a known site finds in it."""
