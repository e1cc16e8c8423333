"""Messages: who is told what, in which words, by which channel, and what became of it (DOMAIN F.2, docs/messages.md)."""
