"""The kinds of token that the server makes, a file each."""
