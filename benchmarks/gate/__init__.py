"""How often the gate refuses a model that is as good, and lets one through that is worse, by customers tested."""
