"""How well the knowledge of ingredients fits a catalogue and a public inventory."""
