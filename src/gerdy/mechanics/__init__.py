"""What is loaded: skeleton, muscles, iliotibial band, joints."""
