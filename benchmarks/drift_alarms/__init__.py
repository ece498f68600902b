"""False alarms and detection rates of drift monitoring."""
