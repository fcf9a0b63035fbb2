"""Training of an analogue network that is to be converted, into its folder."""
