"""The archive's file: opened, locked and brought to this format; rows, bodies, records and captures as they are kept."""
