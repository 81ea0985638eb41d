"""What the authorization endpoint can hand out; a response_type is a set of these (Multiple Response Types §3)."""
