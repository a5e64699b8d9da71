"""Whether sources and layouts still give what they used to: meters, baselines, alarms; and repairing what broke."""
