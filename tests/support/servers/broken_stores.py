"""What stands in for parts of the platform, where several tests need the same."""

from serving.customers.source import StoreUnavailableError


class Broken:
    """An online store that cannot be read."""

    def read(self, _):
        raise StoreUnavailableError("gone")
