"""The intake: posts from outside, received once and made into leads."""
