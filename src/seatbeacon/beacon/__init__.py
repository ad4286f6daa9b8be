"""The control plane: connections, their secrets, import runs, published versions. It says when; others do."""
