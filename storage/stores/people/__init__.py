"""What listeners decide about each other, and what they may see."""
