"""Who is at the other end: sessions of browsers, second factors, tokens of programs, directories of others."""
