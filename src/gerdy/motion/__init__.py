"""What is seen: recordings, and the movement measures taken from them."""
