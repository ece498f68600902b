"""Names under which customers stand in logs."""

import hashlib


def customer_hash(customer_id: str, salt: str = "") -> str:
    """A customer's pseudonym: 16 hex digits of BLAKE2b keyed with ``salt``.

    The same customer and salt give the same pseudonym, so impressions and events can be joined;
    without the salt nobody can try ids until one fits.
    """
    return hashlib.blake2b(customer_id.encode(), key=salt.encode()[:64], digest_size=8).hexdigest()
