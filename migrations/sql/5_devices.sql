-- The key a browser proves to hold with every call: the thumbprint its tokens are bound to (RFC 7638).
ALTER TABLE devices ADD COLUMN key_thumbprint text CHECK (key_thumbprint ~ '^[A-Za-z0-9_-]{43}$');
GRANT SELECT (key_thumbprint) ON devices TO qg_sign_in;
