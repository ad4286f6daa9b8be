"""Every listing of an inventory as a folder of files, whole or not at all."""
