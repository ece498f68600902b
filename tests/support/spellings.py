"""One table of how an id may be written, for every door that an id comes in by."""

SPELLINGS = {
    "7": ("7", "7.0", " 7", "7.0 ", "\t7.0\r\n", "\ufeff7", "7\u200b", "\u202a7.0\u202c", "\xa07"),
    "-7": ("-7", "-7.0"),
    "007": ("007", "007.0", " 007"),
    "caf\u00e9": ("caf\u00e9", "cafe\u0301", " cafe\u0301\u3000"),
    "\u00c5": ("\u00c5", "A\u030a", "\u212b"),
    "auth0|507f": ("auth0|507f", " auth0|507f "),
    "$HOME;'\"#`": ("$HOME;'\"#`", "$HOME;'\"#`\n"),
    "john smith": ("john smith", "john smith\n"),
    "x" * 256: ("x" * 256,),
    "\U0001f9f4" * 256: ("\U0001f9f4" * 256,),
    # Nobody else's spellings.
    **{text: (text,) for text in ("7.5", "7.00", "1e5", "7,0", ".0", "a7.0", "7.0.0", "+7.0", "A1", "a1", "\u2460")},
    "a\u200bb": ("a\u200bb",),
    "\ufb01": ("\ufb01",),
}
"""Spellings of one id each, by what the id is."""

UNUSABLE = ("x" * 257, "\U0001f9f4" * 257, "a\nb", "a\x00b", "a\x7fb", "\x9fa\x9f", "7\x00")
"""Texts that are no ids."""
