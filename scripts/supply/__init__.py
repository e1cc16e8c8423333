"""What the product is made of: components of the lock files, their bill of materials, and the audit of them."""
