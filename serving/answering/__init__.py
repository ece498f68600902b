"""From recommendation requests to responses: messages, customer lookup, model, impressions, admission control."""
