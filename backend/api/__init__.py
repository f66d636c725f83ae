"""HTTP and WebSocket: parse, authorise, call one service, shape the answer."""
