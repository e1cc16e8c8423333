"""What every door does whoever knocks: limits, hosts, headers, redirects, addresses of administrators."""
