"""Whether sources and layouts give what they used to give: meters, baselines, alarms; and healing what broke."""
