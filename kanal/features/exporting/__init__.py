"""Files made of lists: what the list shows, in its order, as far as the user may export it (LIST-7)."""
