"""The store keeps records and knows one instant and one lock."""
