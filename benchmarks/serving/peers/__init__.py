"""The same engine in other servers; each module is run by its server, with the Bento's packages on its path."""
