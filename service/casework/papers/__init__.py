"""文书 and 证照: numbered, issued, printed, printed again, made void; certificates and what becomes of them."""
