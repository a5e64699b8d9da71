"""The archive's file: opening, locking and upgrading it; rows, bodies, records and captures as they are stored."""
