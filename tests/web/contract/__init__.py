"""Both descriptions against what is answered: random requests as everybody."""
