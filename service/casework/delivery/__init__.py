"""统一发证 and 送达: what is ready is handed out at one window, sent by post or served electronically, and signed for (SP-11)."""
