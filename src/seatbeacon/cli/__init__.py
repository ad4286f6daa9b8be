"""The command line. Thin: it reads options, asks the beacon and the inventory, and prints."""
