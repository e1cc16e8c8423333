"""Campaigns against the served product: crash, race and bench. They talk to it as strangers do, over HTTP."""
